import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '../../../testing/payer.ts'
import { signInAs } from '../../../testing/signed-in.ts'
import { story } from '../../../testing/story.ts'
import { visitorOf } from '../../../testing/visitor.ts'

test('a payment link is made once, shows what is paid at it, leads to its receipts, and is turned off', () =>
  story({}, async (told) => {
    const owner = await signInAs(told, { role: 'owner', name: 'Amina' })
    const read = async (path: string) => textOf((await owner.get(path)).text)
    assert.match(await read('/links'), /Your payment links will be here/)
    assert.match(await read('/receipt-book'), /Your receipts will be here/)
    await owner.get('/links/new')
    const wrong = await owner.send('/links', { name: 'Sadaka', amount: 'little', max_uses: '0.5' })
    assert.equal(wrong.status, 400)
    assert.match(wrong.text, /id="amount-wrong"[^>]*>An amount is a number of shillings/)
    assert.match(wrong.text, /id="max_uses-wrong"[^>]*>How often is a whole number/)
    assert.match(wrong.text, /name="name"[^>]*value="Sadaka"/)
    const made = await owner.send('/links', { name: '<b>Sadaka</b>', amount: '250' })
    assert.match(made.to ?? textOf(made.text), /^\/links\/lnk_[0-9a-f]{32}\?done=linked$/)
    assert.equal((await owner.send('/links', { name: '<b>Sadaka</b>', amount: '250' })).to, made.to)
    const path = made.to!.replace(/\?.*/, '')
    assert.match(await read(path), /&lt;b&gt;Sadaka&lt;\/b&gt; On.*KSh 250 · paid 0 times.*Nobody has begun to pay/)

    const payer = visitorOf(told)
    const page = `/pay/${path.slice('/links/'.length)}`
    await payer.get(page)
    await payer.send(page, { phone: '0722000501' })
    told.simulator.phones.get('0722000501').approve()
    await told.simulator.settled()
    await told.sweep('issue')
    assert.match(await read(path), /paid 1 time .*250\.00.*Paid/)
    assert.match(await read('/receipt-book?search=2026-1'), /2026-000001.*250\.00.*Issued/)
    assert.match(await read('/receipt-book?search=2026-2'), /No receipt fits that/)
    const { text } = await owner.get('/receipt-book.csv?search=2026-1')
    const [head, line, ...rest] = text.trim().split('\r\n')
    assert.match(head!, /Number,Issued \(Nairobi\)/)
    assert.match(line!, /^2026-000001,.*,Issued,[A-Z0-9]{10},250\.00,0\.00,0\.00,250\.00,/)
    assert.deepEqual(rest, [])
    const { body } = await told.call('GET', '/v1/payments')
    assert.match((await owner.get(`/pay/${body.data[0].id}/receipt`)).to!, /^\/receipts\/rct_[0-9a-f]{32}\?k=/)
    const payment = (await owner.get(`/payments/${body.data[0].id}`)).text
    assert.match(payment, new RegExp(`href="${path}"`))

    await owner.get(path)
    assert.equal((await owner.send(`${path}/end`)).to, `${path}?done=ended`)
    assert.match(await read(path), /Off.*Off since/)
    assert.equal((await owner.send(`${path}/resume`)).to, `${path}?done=resumed`)
    assert.match(await read(path), /On.*Poster to print/)
    const printed = await owner.get(`${path}/poster.pdf`)
    assert.equal(printed.headers.get('Content-Type'), 'application/pdf')
    assert.match(printed.text, /^%PDF/)
    const viewer = await signInAs(told, { role: 'viewer' })
    assert.doesNotMatch(textOf((await viewer.get(path)).text), /Turn it off/)
    const masked = (await viewer.get(`/payments/${body.data[0].id}`)).text
    assert.match(masked, /0722 ••• 501/)
    assert.doesNotMatch(masked, /722000501/, 'nor does a key of ours tell it')
  }))
