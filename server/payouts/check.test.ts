import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import { newId, parseId } from '../id.ts'
import {
  asked,
  countedToday,
  enabled,
  inAgreement,
  payoutOf,
  send,
  sentIntoSilence,
  wanjiku,
} from '../../testing/payouts.ts'
import { toldOf } from '../../testing/told-of.ts'
import type { StoryOptions } from '../../testing/story.ts'
import { checkPayouts } from './check.ts'
import { findPayoutCandidates, findPayoutsByReceipt } from './candidates.ts'
import { settlePayouts } from './settle.ts'

test('when the response is lost, the payout is unknown, never sent again, and settled by its result', () =>
  enabled(async (told) => {
    told.simulator.faults.set({
      rules: [
        { api: 'b2c', fault: 'drop_response', probability: 1 },
        { api: 'b2c', fault: 'late_callback', probability: 1, delay_ms: 100_000 },
        { api: 'transactionstatus', fault: 'drop_callback', probability: 1 },
      ],
    })
    const made = await send(told)
    assert.deepEqual([made.status, made.provider_outcome], ['pending', 'unknown'])
    assert.equal(await countedToday(told), 1500)
    await told.advance('90 s')
    await checkPayouts.run(told.context)
    assert.equal((await payoutOf(told, made.id)).status, 'pending')
    await told.advance('10 s')
    const done = await payoutOf(told, made.id)
    assert.deepEqual([done.status, done.provider_outcome], ['completed', 'accepted'])
    assert.equal(asked(told, 'b2c'), 1)
    await inAgreement(told)
  }))

for (const kind of ['b2c', 'pochi']) {
  test(`when response and result of ${kind} are lost, asking with our own id finds the payment`, () =>
    enabled(async (told) => {
      told.simulator.faults.set({
        rules: ['b2c', 'b2pochi'].flatMap((api) => [
          { api, fault: 'drop_response', probability: 1 } as any,
          { api, fault: 'drop_callback', probability: 1 } as any,
        ]),
      })
      const { id } = await send(told, { kind })
      await told.advance('76 s')
      await checkPayouts.run(told.context)
      const done = await payoutOf(told, id)
      assert.equal(done.status, 'completed')
      assert.equal(done.provider_receipt, told.simulator.ledger.entries.at(-1)!.receipt)
      assert.equal(asked(told, 'b2c', 'b2pochi'), 1)
      await inAgreement(told)
    }))
}

test('a payment to a business whose response is lost cannot be asked about, and is found in the statement', () =>
  enabled(async (told) => {
    const { context, merchant, simulator } = told
    told.simulator.faults.set({
      rules: [
        { api: 'b2b', fault: 'drop_response', probability: 1 },
        { api: 'b2b', fault: 'drop_callback', probability: 1 },
      ],
    })
    const input = { kind: 'b2b', phone: undefined, shortcode: '600000', account_reference: 'ACC-7' }
    const { id } = await send(told, input)
    await told.advance('76 s')
    await checkPayouts.run(context)
    assert.equal((await payoutOf(told, id)).status, 'pending')
    assert.equal(asked(told, 'transactionstatus'), 0)

    const { receipt, at } = simulator.ledger.entries.at(-1)!
    const row = await context.database.one<any>(sql`select provider_account_id from payouts`)
    const sent = { merchant_id: merchant.id, ...row, amount_cents: 150_000, paid_at: [new Date(at)] }
    const candidates = await findPayoutCandidates(context, [
      { ...sent, shortcode: '600000' },
      { ...sent, shortcode: '600002' },
      { ...sent, shortcode: '600000', amount_cents: 150_100 },
    ])
    assert.deepEqual(
      candidates.map((rows) => rows.length),
      [1, 0, 0],
    )
    const now = told.clock.now()
    const shown = { id: newId(now), merchant_id: merchant.id, payout_id: candidates[0]![0]!.id, at: now }
    const said = { source: 'statement', verdict: 'success', receipt, amount_cents: 150_000 } as const
    assert.deepEqual(await settlePayouts(context, [{ ...shown, ...said }]), ['completed'])
    const name = { merchant_id: merchant.id, provider: 'mpesa', environment: 'simulator' } as const
    const [found, none] = await findPayoutsByReceipt(context, [
      { ...name, receipt },
      { ...name, receipt: 'UKK0000000' },
    ])
    assert.deepEqual([found?.id, none], [parseId('pot', id), undefined])
    await inAgreement(told)
  }))

test('a result that is lost after acceptance is found by asking, for businesses too', () =>
  enabled(async (told) => {
    const { id } = await sentIntoSilence(told, {
      kind: 'b2b',
      phone: undefined,
      shortcode: '600001',
      shortcode_type: 'till',
    })
    told.simulator.faults.set({ rules: [] })
    await told.advance('76 s')
    await checkPayouts.run(told.context)
    assert.equal((await payoutOf(told, id)).status, 'completed')
    await inAgreement(told)
  }))

test('asking tells of a failure too, and one that is not found is no verdict', () =>
  enabled(async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'drop_callback', probability: 1 }] })
    const failed = await send(told, { phone: '254700000001' })
    told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'cut', probability: 1 }] })
    const lost = await send(told, { amount: 70 })
    assert.equal(lost.provider_outcome, 'unknown')
    await told.advance('76 s')
    await checkPayouts.run(told.context)
    assert.equal((await payoutOf(told, failed.id)).status, 'failed')
    assert.equal((await payoutOf(told, lost.id)).status, 'pending')
    assert.equal(await countedToday(told), 70)
  }))

test('a request whose id Safaricom has seen before is unknown, not refused: an earlier copy has arrived', () => {
  const wrap = {
    fetch:
      (next: typeof fetch): typeof fetch =>
      async (input, init) => {
        if (!String(input).includes('/b2c/')) return next(input, init)
        // Something between here and Safaricom sends the request twice, and gives the second answer.
        await next(input, init)
        return next(input, init)
      },
  }
  return enabled(
    async (told) => {
      const made = await send(told)
      const { body } = await told.call('GET', `/v1/payouts/${made.id}/evidence`)
      assert.equal(body.data[0].source === 'ack' ? body.data[0].verdict : 'none', null)
      const done = await payoutOf(told, made.id)
      assert.deepEqual([done.status, done.late], ['completed', false])
      await inAgreement(told)
    },
    { wrap },
  )
})

test("a time-out of M-Pesa's queue says nothing: a check is due at once, and a late result settles", () =>
  enabled(async (told) => {
    told.simulator.faults.set({
      rules: [{ api: 'b2c', fault: 'queue_timeout', probability: 1, delay_ms: 600_000 }],
    })
    const { id } = await send(told)
    assert.equal((await payoutOf(told, id)).status, 'pending')
    assert.equal(await countedToday(told), 1500)
    assert.equal(await checkPayouts.run(told.context), 1)
    assert.equal((await payoutOf(told, id)).status, 'pending')
    await told.advance('10 minutes')
    assert.equal((await payoutOf(told, id)).status, 'completed')
    await inAgreement(told)
  }))

test('a payout that never hears anything is not failed by time, and is shown to a person after 48 hours', () =>
  enabled(async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'queue_timeout', probability: 1 }] })
    const { id } = await send(told)
    for (let hour = 0; hour < 60; hour += 6) {
      await told.advance('6 h')
      await checkPayouts.run(told.context)
    }
    const waiting = await payoutOf(told, id)
    assert.deepEqual([waiting.status, waiting.needs_attention], ['pending', ['payout_unsettled']])
    assert.equal(await countedToday(told), 1500)
    assert.deepEqual(await toldOf(told), [])
  }))

test('when the process dies before the outcome is stored, the payout is unknown after a minute, and is never sent again', () => {
  let isDead = false
  const wrap: StoryOptions['wrap'] = {
    database: (database) => ({
      ...database,
      query: (query) => (isDead ? Promise.reject(new Error('The process is dead.')) : database.query(query)),
    }),
    fetch: (next) => async (input, init) => {
      const response = await next(input, init)
      if (String(input).includes('/b2c/')) isDead = true
      return response
    },
  }
  return enabled(
    async (told) => {
      told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'drop_callback', probability: 1 }] })
      const body = { kind: 'b2c', phone: wanjiku, amount: 1500 }
      const key = { 'Idempotency-Key': 'p' }
      assert.equal((await told.call('POST', '/v1/payouts', body, key)).status, 500)
      isDead = false
      await told.advance('61 s')
      await checkPayouts.run(told.context)
      const again = await told.call('POST', '/v1/payouts', body, key)
      assert.equal(again.headers.get('Idempotency-Replayed'), 'true')
      assert.equal(again.body.data.provider_outcome, 'unknown')
      assert.equal(await countedToday(told), 1500)
      await told.advance('76 s')
      await checkPayouts.run(told.context)
      assert.equal((await payoutOf(told, again.body.data.id)).status, 'completed')
      assert.equal(asked(told, 'b2c'), 1)
      await inAgreement(told)
    },
    { wrap },
  )
})
