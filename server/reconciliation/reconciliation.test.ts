import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counts, eventsOf, reconciling as scene } from '../../testing/reconciling.ts'
import { story } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { checkPayments } from '../payments/check.ts'
import { reconcile } from './sweep.ts'

const amina = '0712345678'
const shortcode = '174379'
const nominated_number = '0722000000'

for (const pull_dates of ['utc', 'nairobi'] as const) {
  test(`a payment whose callback was lost is recovered from the provider's records, whose Z means ${pull_dates}`, () =>
    scene(
      async (told) => {
        const { id, receipt } = await told.paidUnheard({ amount: 1500, account_reference: 'INV-204' })
        const run = await told.run()
        assert.deepEqual(counts(run.report), [0, 1, 0, 0])
        assert.deepEqual(run.report.recovered, { count: 1, paid_in: '1500.00', withdrawn: '0.00' })
        const paid = await told.payment(id)
        assert.equal(paid.status, 'completed')
        assert.equal(paid.provider_receipt, receipt)
        assert.equal((await eventsOf(told, 'payment.completed')).length, 1)
        const [item] = await told.items(run)
        assert.deepEqual(
          [item.outcome, item.reason, item.payment_id, item.receipt],
          ['recovered', 'completed', id, receipt],
        )

        const again = await told.run()
        assert.deepEqual(counts(again.report), [1, 0, 0, 0], 'a second run finds nothing new')
        assert.equal((await eventsOf(told, 'payment.completed')).length, 1)
        assert.equal(await told.books(), 1500)
      },
      { settings: { pull_dates } },
    ))
}

test('a payment completed without a receipt is given its receipt, without a second event', () =>
  scene(async (told) => {
    const { id, receipt } = await told.paidUnheard()
    await told.advance('76 s')
    await checkPayments.run(told.context)
    assert.equal((await told.payment(id)).provider_receipt, null)
    const run = await told.run()
    const [item] = await told.items(run)
    assert.deepEqual([item.outcome, item.reason], ['recovered', 'receipt'])
    assert.equal((await told.payment(id)).provider_receipt, receipt)
    assert.equal((await eventsOf(told, 'payment.completed')).length, 1)
    assert.equal(await told.books(), 100)
  }))

const strangers: [
  what: string,
  payment: Record<string, unknown>,
  paid: { amount: number; reference: string },
  wait: string,
][] = [
  ['another reference', { account_reference: 'INV-204' }, { amount: 100, reference: 'INV-205' }, '1 s'],
  ['another amount', { account_reference: 'INV-204' }, { amount: 99, reference: 'INV-204' }, '1 s'],
  [
    'another phone',
    { account_reference: 'INV-204', phone: '0799000120' },
    { amount: 100, reference: 'INV-204' },
    '1 s',
  ],
  [
    'a payment made 31 minutes before',
    { account_reference: 'INV-204' },
    { amount: 100, reference: 'INV-204' },
    '31 minutes',
  ],
]

for (const [what, payment, paid, wait] of strangers) {
  test(`a record with ${what} settles nothing: it is unmatched money, told once`, () =>
    scene(
      async (told) => {
        const { id } = await told.pay(payment)
        await told.advance(wait)
        await told.simulator.phones.get(amina).pay({ shortcode, ...paid })
        const run = await told.run()
        assert.deepEqual(counts(run.report), [0, 0, 0, 1])
        assert.equal((await told.payment(id)).status, 'pending')
        const [money] = (await told.call('GET', '/v1/money-in?unmatched=true')).body.data
        assert.equal(money.unmatched_because, 'no_payment')
        assert.equal(money.amount, `${paid.amount}.00`)
        assert.equal((await eventsOf(told, 'c2b.received')).length, 1)
        assert.deepEqual(counts((await told.run()).report), [0, 0, 0, 1], 'it stays unexplained')
        assert.equal((await eventsOf(told, 'c2b.received')).length, 1)
        assert.equal((await eventsOf(told, 'reconciliation.mismatch')).length, 0)
      },
      { promptLifeMs: 86_400_000 },
    ))
}

test('where two payments could be meant, neither is settled and both are named', () =>
  scene(async (told) => {
    const twin = { phone: '0708374149', account_reference: 'RENT' }
    const first = await told.pay(twin, { 'Idempotency-Key': 'first' })
    const second = await told.pay(twin, { 'Idempotency-Key': 'second' })
    await told.simulator.settled()
    const run = await told.run()
    assert.deepEqual(counts(run.report), [0, 0, 0, 2])
    for (const item of await told.items(run)) {
      assert.equal(item.reason, 'several_payments')
      assert.deepEqual(new Set(item.candidates), new Set([first.id, second.id]))
    }
    assert.equal(await told.books(), 200)
  }))

test('payments alike that were made one after the other are told apart by their times', () =>
  scene(async (told) => {
    const receipts = new Map<string, string>()
    for (let count = 0; count < 3; count++) {
      const { id, receipt } = await told.paidUnheard({ account_reference: 'RENT' })
      receipts.set(id, receipt)
      await told.advance('3 minutes')
    }
    assert.deepEqual(counts((await told.run()).report), [0, 3, 0, 0])
    for (const [id, receipt] of receipts) assert.equal((await told.payment(id)).provider_receipt, receipt)
  }))

test('a payment that M-Pesa says has failed is not completed by a record that would fit it', () =>
  scene(async (told) => {
    const { id } = await told.pay({ account_reference: 'INV-204' })
    told.simulator.phones.get(amina).cancel()
    await told.simulator.phones.get(amina).pay({ shortcode, amount: 100, reference: 'INV-204' })
    const [item] = await told.items(await told.run())
    assert.deepEqual([item.outcome, item.reason, item.candidates], ['not_found', 'contradicted', [id]])
    assert.equal((await told.payment(id)).failure.code, 'cancelled_by_payer')
  }))

test('an amount that is not that of the books is a mismatch, and the merchant is told once for the run', () =>
  scene(async (told) => {
    const { id } = await told.paidUnheard({ amount: 1500 })
    await told.run()
    await told.context.database.query(sql`update money_in set amount_cents = 150100`)
    const run = await told.run()
    assert.deepEqual(counts(run.report), [0, 0, 1, 0])
    const [item] = await told.items(run)
    assert.deepEqual(
      [item.reason, item.amount, item.expected_amount, item.payment_id],
      ['wrong_amount', '1500.00', '1501.00', id],
    )
    const [event, ...more] = await eventsOf(told, 'reconciliation.mismatch')
    assert.equal(more.length, 0)
    assert.equal(event.data.run_id, run.id)
    assert.equal(event.data.report.mismatched.count, 1)
  }))

test('a receipt that the records show with two amounts settles nothing, and both are shown', () => {
  const twice = (record: object) => [record, record, { ...record, amount: '90.00' }]
  const wrap = {
    fetch:
      (next: typeof fetch): typeof fetch =>
      async (input, init) => {
        const response = await next(input, init)
        if (!String(input).includes('pulltransactions/v1/query')) return response
        const answer = (await response.json()) as { Response: unknown }
        // Where there is nothing to show it is a text.
        const records = Array.isArray(answer.Response) ? [answer.Response.flat().flatMap(twice)] : answer.Response
        return Response.json({ ...answer, Response: records })
      },
  }
  return scene(
    async (told) => {
      const { id } = await told.paidUnheard({ amount: 100 })
      const run = await told.run()
      assert.deepEqual(counts(run.report), [0, 0, 2, 0])
      const items = await told.items(run)
      assert.deepEqual(
        items.map(({ reason, amount }: { reason: string; amount: string }) => [reason, amount]),
        [
          ['two_amounts', '100.00'],
          ['two_amounts', '90.00'],
        ],
      )
      assert.equal((await told.payment(id)).status, 'pending')
    },
    { wrap },
  )
})

test('registered accounts are reconciled every 15 minutes by one node, back two hours or to the last complete window', () =>
  scene(async (told) => {
    const runs = async () => (await told.call('GET', '/v1/reconciliation/runs')).body.data
    await told.paidUnheard()
    const worked = await Promise.all([1, 2, 3].map(() => reconcile.run(told.context)))
    assert.equal(
      worked.reduce((sum, count) => sum + count),
      1,
    )
    const [first] = await runs()
    assert.deepEqual(
      [first.status, first.started_by, first.from, first.until],
      ['completed', 'lango', '2026-11-20T09:30:00.000Z', '2026-11-20T11:30:00.000Z'],
    )
    assert.equal(first.report.recovered.count, 1)
    assert.equal(await reconcile.run(told.context), 0)
    await told.advance('15 minutes')
    assert.equal(await reconcile.run(told.context), 1)
    assert.equal((await runs())[0].from, '2026-11-20T09:45:00.000Z')
    await told.advance('20 hours')
    await reconcile.run(told.context)
    assert.equal((await runs())[0].from, '2026-11-20T11:45:00.000Z', 'from the end of the last complete window')
    await told.advance('60 hours')
    await reconcile.run(told.context)
    const [last] = await runs()
    assert.equal(Date.parse(last.until) - Date.parse(last.from), 48 * 3_600_000)
    assert.match(last.note, /nothing was compared: upload a statement/)
  }))

test('a window is complete only when every page was read, and a run that was interrupted goes on at its next page', () => {
  let failing = false
  const wrap = {
    fetch:
      (next: typeof fetch): typeof fetch =>
      async (input, init) =>
        failing &&
        String(input).includes('pulltransactions/v1/query') &&
        (JSON.parse(String(init?.body)) as { OffSetValue: string }).OffSetValue === '100'
          ? new Response('busy', { status: 503 })
          : next(input, init),
  }
  return scene(
    async (told) => {
      for (let count = 0; count < 130; count++) {
        await told.simulator.phones.get(amina).pay({ shortcode, amount: 10 + count, reference: `SALE ${count}` })
      }
      failing = true
      const stopped = await told.call('POST', '/v1/reconciliation/runs')
      assert.equal(stopped.body.data.status, 'running')
      assert.equal(stopped.body.data.records_read, 100)
      assert.equal((await told.call('GET', '/v1/reconciliation/mpesa')).body.data.reconciled_until, null)
      failing = false
      assert.equal((await told.items(stopped.body.data)).length, 100)
      await told.advance('1 minute')
      await told.context.database.query(sql`update provider_accounts set reconcile_at = null`)
      assert.equal(await reconcile.run(told.context), 1)
      const { data } = (await told.call('GET', `/v1/reconciliation/runs/${stopped.body.data.id}`)).body
      assert.equal(data.status, 'completed')
      assert.equal(data.report.records.count, 130)
      assert.equal(data.report.records.paid_in, '9685.00')
      assert.equal(await told.books(), 9685)
    },
    { wrap },
  )
})

test('what a run settled before it died is still its own finding when it goes on', () =>
  scene(async (told) => {
    await told.paidUnheard()
    const { id } = await told.run()
    const run = { merchant_id: told.merchant.id, id: parseId('rec', id)! }
    // As if the process had died after settling, and before the page was kept.
    await told.context.database.query(sql`delete from reconciliation_items where run_id = ${run.id}`)
    await told.context.database.query(sql`
      update reconciliation_runs set status = 'running', report = null, next_offset = 0, work_at = ${told.clock.now()} where id = ${run.id}`)
    await told.context.database.query(sql`update provider_accounts set reconcile_at = null`)
    await reconcile.run(told.context)
    assert.deepEqual(counts((await told.call('GET', `/v1/reconciliation/runs/${id}`)).body.data.report), [0, 1, 0, 0])
  }))

test('an account that gives no records is skipped, with the reason', () =>
  story({ environment: 'sandbox', settings: { pull: 'refused' } }, async (told) => {
    const before = (await told.call('GET', '/v1/reconciliation/mpesa')).body.data
    assert.match(before.problem, /not registered/)
    assert.equal((await told.call('POST', '/v1/reconciliation/runs')).status, 409)
    const missing = await told.call('POST', '/v1/reconciliation/mpesa/register')
    assert.deepEqual([missing.status, missing.body.error.param], [400, 'nominated_number'])
    const refused = await told.call('POST', '/v1/reconciliation/mpesa/register', { nominated_number })
    assert.deepEqual([refused.status, refused.body.error.code], [422, 'not_supported_in_environment'])
    assert.equal(await reconcile.run(told.context), 0)

    told.simulator.settings.set({ pull: 'open' })
    await told.call('POST', '/v1/reconciliation/mpesa/register', { nominated_number })
    told.simulator.settings.set({ pull: 'refused' })
    await reconcile.run(told.context)
    const [run] = (await told.call('GET', '/v1/reconciliation/runs')).body.data
    assert.equal(run.status, 'skipped')
    assert.match(run.problem, /none that went live/)
    assert.match((await told.call('GET', '/v1/reconciliation/mpesa')).body.data.problem, /none that went live/)
  }))

test('registering again is a success', () =>
  scene(async (told) => {
    const again = await told.call('POST', '/v1/reconciliation/mpesa/register', { nominated_number })
    assert.equal(again.status, 200)
    assert.equal(again.body.data.already_registered, true)
  }))

test('windows that M-Pesa does not look back to are refused', () =>
  scene(async ({ call }) => {
    for (const window of [
      { from: '2026-11-18T11:29:00Z' },
      { until: '2026-11-20T11:31:00Z' },
      { from: '2026-11-20T11:00:00Z', until: '2026-11-20T10:00:00Z' },
    ]) {
      assert.equal((await call('POST', '/v1/reconciliation/runs', window)).status, 400)
    }
  }))
