import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'
import { examineInvariants } from '../doctor/invariants.ts'
import { settleReversals } from '../refunds/reversals.ts'

type Scene = Story & {
  /** The receipt of money that arrived with a reference that nobody knows. */
  arrived(amount: number): Promise<string>
  assign(receipt: string, paymentId: string): Promise<{ status: number; body: any }>
}

function scene(plot: (scene: Scene) => Promise<void>): Promise<void> {
  return story({}, async (told) => {
    await told.call('POST', '/v1/mpesa/c2b/register')
    await plot({
      ...told,
      async arrived(amount) {
        const paid = await told.simulator.phones
          .get('0712345678')
          .pay({ shortcode: '174379', amount, reference: 'SHOES' })
        await told.simulator.settled()
        assert.ok(paid.status === 'paid')
        return paid.receipt
      },
      assign: (receipt, payment_id) => told.call('POST', `/v1/money-in/${receipt}/assign`, { payment_id }),
    })
  })
}

test('money that no payment explains completes the payment that a person gives it to, once', () =>
  scene(async (told) => {
    const { id } = await told.pay({ phone: '0799000120', amount: 500 })
    const receipt = await told.arrived(500)
    const first = await told.assign(receipt, id)
    assert.equal(first.status, 200, JSON.stringify(first.body))
    assert.equal(first.body.data.payment_id, id)
    assert.equal(first.body.data.unmatched_because, null)
    assert.deepEqual((await told.assign(receipt, id)).body, first.body)
    const paid = await told.payment(id)
    assert.equal(paid.status, 'completed')
    assert.equal(paid.provider_receipt, receipt)
    const events = await told.context.database.query<{ type: string }>(sql`select type from events order by type`)
    assert.deepEqual(
      events.map(({ type }) => type),
      ['c2b.received', 'payment.completed'],
    )
    const audited = await told.context.database.query(sql`select 1 from audit_log where action = 'money.assigned'`)
    assert.equal(audited.length, 1)
  }))

test('it completes a payment that failed, for the money did come', () =>
  scene(async (told) => {
    const { id } = await told.pay({ phone: '0799000120', amount: 500 })
    told.simulator.phones.get('0799000120').cancel()
    assert.equal((await told.payment(id)).status, 'failed')
    assert.equal((await told.assign(await told.arrived(500), id)).status, 200)
    const paid = await told.payment(id)
    assert.equal(paid.status, 'completed')
    assert.equal(paid.late, true)
  }))

test('money of which a part went back before it was assigned brings that with it: no more than is left is given back', () =>
  scene(async (told) => {
    const receipt = await told.arrived(500)
    const { context, merchant } = told
    const reversal = { merchant_id: merchant.id, provider: 'mpesa', environment: 'simulator', receipt } as const
    await settleReversals(context, [
      { ...reversal, reversal_receipt: 'UKK7X2M4R1', amount_cents: 200_00, at: told.clock.now(), source: 'statement' },
    ])
    const { id } = await told.pay({ phone: undefined, amount: 500 })
    assert.equal((await told.assign(receipt, id)).status, 200)
    const { amount_received, amount_refunded } = await told.payment(id)
    assert.deepEqual([amount_received, amount_refunded], ['500.00', '200.00'])
    const refund = await told.call('POST', '/v1/refunds', { payment_id: id, amount: 400 })
    assert.deepEqual([refund.status, refund.body.error.code], [409, 'refund_exceeds_received'])
    assert.deepEqual(
      (await examineInvariants(context)).filter(({ state }) => state !== 'ok'),
      [],
    )
  }))

test('money that nobody wants goes back: it is given to a payment of its own, and that is refunded', () =>
  scene(async (told) => {
    const receipt = await told.arrived(500)
    const { id } = await told.pay({ phone: undefined, amount: 500 })
    assert.equal((await told.assign(receipt, id)).status, 200)
    const refund = await told.call('POST', '/v1/refunds', { payment_id: id })
    assert.equal(refund.status, 201, JSON.stringify(refund.body))
    await told.advance('1 s')
    assert.equal((await told.payment(id)).status, 'reversed')
    assert.equal(told.simulator.ledger.entries.at(-1)!.reverses, receipt)
    assert.equal(told.simulator.asked('stkpush').length, 0)
  }))

test('it cannot be given to a payment of another amount, to a second one, or to one that is paid', () =>
  scene(async (told) => {
    const small = await told.pay({ phone: '0799000120', amount: 100 })
    const open = await told.pay({ phone: '0799000121', amount: 500 })
    const other = await told.pay({ phone: '0799000122', amount: 500 })
    const receipt = await told.arrived(500)
    const wrongAmount = await told.assign(receipt, small.id)
    assert.equal(wrongAmount.status, 409)
    assert.match(wrongAmount.body.error.message, /KES 500\.00 arrived.*KES 100\.00/)
    assert.equal((await told.assign(receipt, open.id)).status, 200)
    const taken = await told.assign(receipt, other.id)
    assert.deepEqual(
      [taken.status, taken.body.error.code, taken.body.error.payment_id],
      [409, 'already_assigned', open.id],
    )
    const paid = await told.assign(await told.arrived(500), open.id)
    assert.equal(paid.status, 409)
    assert.match(paid.body.error.message, new RegExp(`completed by the receipt ${receipt}`))
    assert.equal((await told.assign('NOSUCH0000', other.id)).status, 404)
    assert.equal((await told.assign(receipt, `pay_${'0'.repeat(32)}`)).status, 404)
  }))

test('given to two payments at once, it belongs to one of them', () =>
  scene(async (told) => {
    const payments = [
      await told.pay({ phone: '0799000120', amount: 500 }),
      await told.pay({ phone: '0799000121', amount: 500 }),
    ]
    const receipt = await told.arrived(500)
    const answers = await Promise.all(payments.map(({ id }) => told.assign(receipt, id)))
    assert.deepEqual(
      answers.map(({ status }) => status).sort((a, b) => a - b),
      [200, 409],
    )
    const statuses = await Promise.all(payments.map(async ({ id }) => (await told.payment(id)).status))
    assert.deepEqual(new Set(statuses), new Set(['completed', 'pending']))
  }))

test('what arrived is listed newest first, a page at a time, and narrowed by what is asked', () =>
  scene(async (told) => {
    const receipts: string[] = []
    for (const amount of [100, 200, 300]) {
      receipts.unshift(await told.arrived(amount))
      await told.advance('1 minute')
    }
    const list = async (query: string) => (await told.call('GET', `/v1/money-in?${query}`)).body
    const first = await list('limit=2')
    assert.deepEqual(
      first.data.map((money: any) => money.receipt),
      receipts.slice(0, 2),
    )
    const second = await list(`limit=2&cursor=${first.meta.next_cursor}`)
    assert.deepEqual(
      second.data.map((money: any) => money.receipt),
      receipts.slice(2),
    )
    assert.deepEqual(second.meta, { has_more: false, next_cursor: null })
    for (const [query, count] of [
      ['unmatched=true', 3],
      ['unmatched=false', 0],
      ['min_amount=200&max_amount=250', 1],
      ['account_reference=SHOES', 3],
      ['kind=stk', 0],
      [`receipt=${receipts[0]}`, 1],
      ['until=2026-11-20T11:31:00Z', 1],
    ] as const) {
      assert.equal((await list(query)).data.length, count, query)
    }
    assert.equal((await told.call('GET', '/v1/money-in?unmatched=maybe')).status, 400)
    assert.equal((await told.call('GET', '/v1/money-in?cursor=pay_1')).status, 400)
  }))
