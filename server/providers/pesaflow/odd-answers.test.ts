import assert from 'node:assert/strict'
import { test } from 'node:test'
import { county } from '../../../testing/county.ts'
import type { County } from '../../../testing/county.ts'
import type { StoryOptions } from '../../../testing/story.ts'

async function askDue(told: County, after = '30 s') {
  await told.advance(after)
  await told.sweep('checks')
  await told.sweep('receipts')
}

/** What the status says of a bill is changed on its way to Lango. */
function changing(change: Record<string, string>): StoryOptions {
  return {
    wrap: {
      fetch: (fetch) => async (input, init) => {
        const response = await fetch(input, init)
        if (!String(input instanceof Request ? input.url : input).includes('/payment/status')) return response
        return Response.json({ ...((await response.json()) as object), ...change })
      },
    },
  }
}

test('a status of another currency, or of less than was asked for, completes nothing and is shown to a person', async () => {
  const changes: Record<string, string>[] = [
    { currency: 'USD' },
    { amount_expected: '50.00', amount_paid: '50.00', status: 'settled' },
  ]
  for (const change of changes)
    await county(changing(change), async (told) => {
      const { id, provider_ref } = await told.bill()
      await told.payAtPaybill(105, provider_ref)
      await askDue(told)
      const { status, amount_received, needs_attention } = await told.payment(id)
      assert.deepEqual([status, amount_received], ['pending', '0.00'], JSON.stringify(change))
      assert.equal(needs_attention?.length, 1, JSON.stringify(change))
    })
})

test('a page in place of JSON says nothing at any call, and the bill is paid once all the same', () =>
  county({}, async (told) => {
    const pages = (...apis: string[]) =>
      told.simulator.faults.set({
        rules: apis.map((api) => ({ api, fault: 'html_200', probability: 1 })) as never,
      })
    pages('pesaflow_checkout', 'pesaflow_status', 'pesaflow_token')
    const made = await told.bill()
    assert.deepEqual([made.status, made.provider_outcome], ['pending', 'unknown'])
    await askDue(told, '2 min')
    pages('pesaflow_status')
    await askDue(told, '10 min')
    const brought = await told.payment(made.id)
    assert.deepEqual([brought.provider_outcome, told.bills().length], ['accepted', 1])
    await told.payAtPaybill(105, brought.provider_ref)
    await askDue(told)
    assert.equal((await told.payment(made.id)).status, 'pending')
    pages()
    await askDue(told, '30 min')
    const paid = await told.payment(made.id)
    assert.deepEqual([paid.status, paid.amount_received], ['completed', '105.00'])
  }))

test('three parts add up, though each is notified twice, and no sum passes for the whole before it is', () =>
  county({}, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'pesaflow_ipn', fault: 'duplicate_callback', probability: 1 }] })
    const { id, provider_ref } = await told.bill()
    const seen: string[] = []
    for (const part of [30, 30, 45]) {
      await told.payAtPaybill(part, provider_ref)
      await askDue(told, '2 min')
      const { status, amount_received } = await told.payment(id)
      seen.push(`${status} ${amount_received}`)
    }
    assert.deepEqual(seen, ['pending 30.00', 'pending 60.00', 'completed 105.00'])
    assert.deepEqual((await told.money()).map(({ amount_cents }) => amount_cents).sort(), [3000, 3000, 4500])
  }))
