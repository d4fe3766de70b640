import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postStory } from '../../testing/post-story.ts'

test('whoever paid is told by mail, once for each refund, when the money went back, and not while it may not have', () =>
  postStory(async (told) => {
    const customer = { email: 'amina@example.com', language: 'sw' }
    const { id } = await told.pay({
      phone: '0708374149',
      amount: 900,
      customer,
      account_reference: 'ORD-7',
      description: '<i>\r\nBcc: x@example.com',
    })
    const { provider_receipt } = await told.payment(id)
    const refund = (amount: number) => told.call('POST', '/v1/refunds', { payment_id: id, amount })
    assert.equal(await told.sweep('refunded'), 0)
    await refund(200)
    await told.simulator.settled()
    assert.equal(await told.sweep('refunded'), 1)
    assert.equal(await told.sweep('refunded'), 0)
    const [letter, ...more] = await told.letters()
    assert.equal(more.length, 0)
    assert.match(letter!.subject, /imekurudishia KSh 200$/)
    assert.match(
      letter!.text,
      new RegExp(`Kimerudishwa: KSh 200\n[^]*Kati ya malipo ya: KSh 900\n[^]*Msimbo wa malipo: ${provider_receipt}`),
    )
    assert.doesNotMatch(letter!.head, /^Bcc/m)
    assert.doesNotMatch(letter!.html, /<i>/)

    await refund(700)
    await told.simulator.settled()
    await told.sweep('refunded')
    assert.match((await told.letters())[0]!.subject, /KSh 700/)

    // A payer who has given no address is told nothing.
    const other = await told.pay({ phone: '0708374149', amount: 50 })
    await told.payment(other.id)
    await told.call('POST', '/v1/refunds', { payment_id: other.id })
    await told.simulator.settled()
    assert.equal(await told.sweep('refunded'), 1)
    assert.equal((await told.letters()).length, 0)
  }))
