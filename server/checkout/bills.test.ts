import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintsOfDoctor } from '../../testing/complaints-of-doctor.ts'
import { amina, instalment, invoiced, standOf } from '../../testing/invoices.ts'
import { payer, promptsSent } from '../../testing/payer.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'

const pageOf = ({ url }: { url: string }) => new URL(url).pathname

async function linkOf({ call }: Story, body: object): Promise<any> {
  const made = await call('POST', '/v1/payment-links', body)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.data
}

test('whoever opens an invoice sees what it is for, and pays a part of it on the phone', () =>
  story({}, async (told) => {
    const { open, send, raw } = payer(told)
    const lines = [{ description: '<b>Unga</b> & "chai"', quantity: '2.5', unit_amount: 400, tax_rate: 16 }]
    const body = { lines, tax_included: true, reference: 'INV-198', instalments: true, due_date: '2026-11-21' }
    const invoice = await invoiced(told, body)
    const path = pageOf(invoice)
    const page = await open(path)
    assert.equal(page.status, 200)
    for (const words of [
      'Invoice INV-198',
      'Left to pay',
      'KSh 1,000',
      'By 21 Nov 2026',
      '2.5 × 400',
      'Tax in it',
      'Amina Wanjiku',
      'You may pay it in parts',
    ])
      assert.ok(page.text.includes(words), `${words}: ${page.text}`)
    assert.ok(page.text.includes('&lt;b&gt;Unga&lt;/b&gt; &amp; &quot;chai&quot;'))
    assert.match((await open(`${path}?lang=sw`)).text, /Imebaki kulipwa.*Kufikia 21 Nov 2026.*kwa awamu/)
    const bytes = (await (await raw(path, { 'Accept-Encoding': 'gzip' })).arrayBuffer()).byteLength
    assert.ok(bytes <= 14 * 1024, `${bytes} bytes`)

    const wrong = await send(path, { phone: '12', amount: '1001', seen: '0' })
    assert.equal(wrong.status, 400)
    assert.match(wrong.text, /from 1 to KSh 1,000.*not a Kenyan mobile number/)
    assert.match((await send(path, {})).text, /Write how much.*Write the number/)
    for (const amount of ['0', '-5', '10.50', 'lots'])
      assert.equal((await send(path, { phone: amina, amount })).status, 400)

    // Pressed twice.
    const [first, again] = [
      await send(path, { phone: amina, amount: 'KSh 400/=', seen: '0' }),
      await send(path, { phone: amina, amount: '400', seen: '0' }),
    ]
    assert.deepEqual([first.status, first.to, promptsSent(told)], [303, again.to, 1])
    assert.match((await open(path)).text, /A request is open on 0712 ••• 678/)
    told.simulator.phones.get(amina).approve()
    await told.simulator.settled()
    assert.match((await open(first.to!)).text, /Paid. Asante!.*See the invoice/)
    const then = (await open(path)).text
    assert.match(then, /KSh 600.*Paid so far.*Of KSh 1,000\s*KSh 400/)
    assert.doesNotMatch(then, /A request is open/)
    await told.advance('2 days')
    assert.match((await open(path)).text, /It was to be paid by 21 Nov 2026/)
    await instalment(told, invoice, { phone: '0799000121' })
    assert.match((await open(path)).text, /Paid in full. Asante!/)
    assert.equal((await send(path, { phone: amina, amount: '400', seen: '9' })).to, path)
  }))

test('an invoice that is paid, overpaid or void asks for nothing, and whoever tries again is led there', () =>
  story({}, async (told) => {
    const { open, send } = payer(told)
    const invoice = await invoiced(told)
    const path = pageOf(invoice)
    const begun = await send(path, { phone: amina, seen: '0' })
    told.simulator.phones.get(amina).cancel()
    await told.simulator.settled()
    assert.match((await open(begun.to!)).text, /You cancelled.*Try again on 0712 ••• 678/)
    await instalment(told, invoice, { phone: '0799000121' })
    const retried = await send(`${begun.to}/again`, { phone: 'same' })
    assert.equal(retried.to, path)
    assert.match((await open(path)).text, /Paid in full. Asante!/)
    assert.equal(promptsSent(told), 2)

    const over = await invoiced(told, { instalments: true, reference: 'OVER' })
    await told.call('POST', '/v1/mpesa/c2b/register')
    await told.simulator.phones.get(amina).pay({ shortcode: '174379', amount: 5000, reference: 'over' })
    assert.equal(await standOf(told, over), 'overpaid 5000 0 500')
    assert.match((await open(pageOf(over))).text, /KSh 500 more than was asked for came. It is your credit/)
    const gone = await invoiced(told)
    await told.call('POST', `/v1/invoices/${gone.id}/void`)
    assert.match((await open(pageOf(gone))).text, /This invoice was cancelled/)
    assert.equal((await open(`/pay/inv_${'0'.repeat(32)}`)).status, 404)
    assert.equal((await open('/pay/inv_1')).status, 404)
    const large = await invoiced(told, { lines: [{ description: 'Shamba', unit_amount: 600_000 }] })
    assert.match((await open(pageOf(large))).text, /takes KSh 250,000 at most at a time/)
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('nobody has a phone ring without end by typing its number', () =>
  story({}, async (told) => {
    const { send } = payer(told)
    const path = pageOf(await linkOf(told, { name: 'Sadaka' }))
    const statuses: number[] = []
    for (let amount = 10; amount < 17; amount++)
      statuses.push((await send(path, { phone: '0799000130', amount: String(amount), seen: '0' })).status)
    assert.deepEqual(statuses, [303, 303, 303, 303, 303, 429, 429])
    await told.advance('11 minutes')
    assert.equal((await send(path, { phone: '0799000130', amount: '50', seen: '0' })).status, 303)
  }))

test('a payment link takes one amount or any, so many times or without end, until it is ended', () =>
  story({}, async (told) => {
    const { open, send, raw } = payer(told)
    const fixed = await linkOf(told, {
      name: 'Chama, mwezi wa Novemba',
      amount: 500,
      max_uses: 1,
      metadata: { month: 11 },
    })
    assert.deepEqual([fixed.status, fixed.amount, fixed.uses, fixed.max_uses], ['active', '500.00', 0, 1])
    assert.equal(fixed.qr_url, `${fixed.url}/qr.svg`)
    const picture = await raw(`${pageOf(fixed)}/qr.svg`)
    assert.equal(picture.headers.get('Content-Type'), 'image/svg+xml; charset=utf-8')
    assert.match(await picture.text(), /^<svg [^>]*viewBox=/)
    const page = await open(pageOf(fixed))
    assert.match(page.text, /Chama, mwezi wa Novemba.*KSh 500.*Pay KSh 500 with M-PESA.*Pay by hand instead/)
    const byHand = await send(pageOf(fixed), { by: 'hand', seen: '0' })
    assert.match((await open(byHand.to!)).text, /Pay Bill 174379/)
    // The one place is kept for a while for who pays by hand.
    assert.equal((await send(pageOf(fixed), { phone: amina, seen: '1' })).status, 409)
    await told.advance('31 minutes')
    const { to } = await send(pageOf(fixed), { phone: amina, seen: '1' })
    told.simulator.phones.get(amina).cancel()
    await told.simulator.settled()
    const { to: retried } = await send(`${to}/again`, { phone: 'same' })
    told.simulator.phones.get(amina).approve()
    const payment = await told.payment(retried!.replace('/pay/', ''))
    assert.deepEqual(
      [payment.status, payment.link_id, payment.description, payment.metadata],
      ['completed', fixed.id, 'Chama, mwezi wa Novemba', { month: 11 }],
    )
    const used = (await told.call('GET', `/v1/payment-links/${fixed.id}`)).body.data
    assert.deepEqual([used.status, used.uses], ['ended', 1])
    assert.match((await open(pageOf(fixed))).text, /takes no more payments/)
    assert.equal((await send(pageOf(fixed), { phone: amina, seen: '9' })).to, pageOf(fixed))

    const free = await linkOf(told, { name: 'Sadaka' })
    assert.equal(free.amount, null)
    assert.match((await open(`${pageOf(free)}?lang=sw`)).text, /Sadaka.*Kiasi, kwa shilingi/)
    assert.match(
      (await send(pageOf(free), { phone: amina, amount: '300,000', seen: '0' })).text,
      /from 1 to KSh 250,000/,
    )
    const given = await send(pageOf(free), { phone: '0799000121', amount: '1,250', seen: '0' })
    assert.match((await open(given.to!)).text, /Check your phone.*KSh 1,250|KSh 1,250.*Check your phone/)
    const list = async (query: string) => (await told.call('GET', `/v1/payment-links${query}`)).body.data.length
    assert.deepEqual([await list(''), await list('?status=active'), await list('?search=sad')], [2, 1, 1])
    assert.equal((await told.call('POST', `/v1/payment-links/${free.id}/end`)).body.data.status, 'ended')
    assert.equal(await list('?status=ended'), 2)
    for (const [body, param] of [
      [{ name: '' }, 'name'],
      [{ name: 'x', amount: '0.50' }, 'amount'],
      [{ name: 'x', amount: 250_001 }, 'amount'],
      [{ name: 'x', max_uses: 0 }, 'max_uses'],
    ] as const) {
      const refused = await told.call('POST', '/v1/payment-links', body)
      assert.deepEqual([refused.status, refused.body.error.param], [400, param])
    }
  }))

test('a payment link that was ended begins again at its address; one that was used as often as it may be stays ended', () =>
  story({}, async (told) => {
    const { open, send } = payer(told)
    const [free, once] = [
      await linkOf(told, { name: 'Sadaka' }),
      await linkOf(told, { name: 'Tiketi', amount: 50, max_uses: 1 }),
    ]
    const turn = (link: { id: string }, to: 'end' | 'resume') => told.call('POST', `/v1/payment-links/${link.id}/${to}`)
    await turn(free, 'end')
    assert.match((await open(pageOf(free))).text, /takes no more payments/)
    for (let time = 1; time <= 2; time++) {
      const { status, body } = await turn(free, 'resume')
      assert.deepEqual([status, body.data.status, body.data.ended_at], [200, 'active', null])
    }
    assert.match((await open(pageOf(free))).text, /Sadaka.*How much, in shillings/)
    const audit = await told.call('GET', '/v1/audit/logs?action=payment_link.resumed')
    assert.deepEqual(
      audit.body.data.map(({ subject }: any) => subject),
      [free.id],
    )
    const { to } = await send(pageOf(once), { phone: amina, seen: '1' })
    told.simulator.phones.get(amina).approve()
    assert.equal((await told.payment(to!.replace('/pay/', ''))).status, 'completed')
    assert.equal((await turn(once, 'resume')).body.data.status, 'ended')
    assert.equal((await turn({ id: `lnk_${'0'.repeat(32)}` }, 'resume')).status, 404)
  }))
