import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf } from '../../testing/address-of.ts'
import { countedToday, enable, payoutOf, resultOf, send, sentIntoSilence } from '../../testing/payouts.ts'
import { counts, eventsOf, reconciling } from '../../testing/reconciling.ts'
import type { Reconciling } from '../../testing/reconciling.ts'
import { toldOf } from '../../testing/told-of.ts'
import type { StoryOptions } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'
import { examineInvariants } from '../doctor/invariants.ts'
import { parseId } from '../id.ts'
import { statementOf } from '../notices/statement.ts'
import { settleReturns } from './returns.ts'

/** A shop that sends money and reads statements, and of whose books the doctor finds nothing wrong in the end. */
function scene(plot: (told: Reconciling) => Promise<void>, options: StoryOptions = {}) {
  return reconciling(async (told) => {
    await enable(told)
    told.simulator.faults.set({ rules: [] })
    await plot(told)
    for (const { name, state } of await examineInvariants(told.context)) assert.equal(state, 'ok', name)
  }, options)
}

/** A payout that arrived. */
async function arrived(told: Reconciling, input: Record<string, unknown> = {}): Promise<any> {
  const { id } = await send(told, input)
  const payout = await payoutOf(told, id)
  assert.equal(payout.status, 'completed')
  return payout
}

const columns =
  'Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.'

const file = (...lines: string[]) => `Short Code:,174379\r\n${columns}\r\n${lines.join('\r\n')}\r\n`

/** What a statement shows of a payout to Wanjiku, and of its coming back a quarter of an hour later. */
const gone = ({ provider_receipt = 'UKK0000PPP' }: any = {}) =>
  `${provider_receipt},20-11-2026 14:32:08,,x,Completed,,-1500.00,,true,Business Payment,254712345678 - WANJIKU,,`
const back = ({ provider_receipt = 'UKK0000PPP' }: any = {}, amount = '1500.00', receipt = 'UKK0000RRR') =>
  `${receipt},20-11-2026 14:47:00,,x,Completed,${amount},,,true,Business Payment Reversal,254712345678 - WANJIKU,${provider_receipt},`

async function itemOf(told: Reconciling, run: any) {
  const [item] = await told.items(run, 'kind=reversal')
  return [item.outcome, item.reason, item.payout_id]
}

test('a payout that a statement shows to have come back is returned, with one event, and a person decides whether it is paid again', () =>
  scene(async (told) => {
    const payout = await arrived(told)
    const run = await told.upload(file(gone(payout), back(payout)))
    assert.deepEqual(await itemOf(told, run), ['recovered', 'payout_reversed', payout.id])
    assert.deepEqual([counts(run.report), await eventsOf(told, 'reconciliation.mismatch')], [[1, 1, 0, 0], []])
    const returned = await payoutOf(told, payout.id)
    assert.deepEqual(
      [returned.status, returned.version, returned.needs_attention, returned.returned_at, returned.completed_at],
      ['returned', 2, ['payout_reversed'], '2026-11-20T11:47:00.000Z', payout.completed_at],
    )
    assert.deepEqual(await toldOf(told), ['payout.completed', 'payout.returned'])
    const [event] = await eventsOf(told, 'payout.returned')
    assert.deepEqual([event.data.payout_id, event.data.status, event.data.version], [payout.id, 'returned', 2])
    const { body: evidence } = await told.call('GET', `/v1/payouts/${payout.id}/evidence`)
    const { effect, source, receipt, amount, raw } = evidence.data.at(-1)
    assert.deepEqual([effect, source, receipt, amount], ['returned', 'statement', 'UKK0000RRR', '1500.00'])
    assert.match(raw, /Business Payment Reversal/)
    const { body: list } = await told.call('GET', '/v1/payouts?status=returned')
    assert.deepEqual(
      list.data.map(({ id }: any) => id),
      [payout.id],
    )
  }))

test('what came back once is known afterwards, whatever is told of it late or again', () =>
  scene(async (told) => {
    const payout = await arrived(told)
    const { body: result } = told.lastCallback()
    await told.upload(file(gone(payout), back(payout)))
    await told.call('POST', `/v1/attention/${payout.id}/resolve`, { note: 'Paid in cash' })
    const again = await told.upload(file(back(payout)))
    assert.deepEqual(await itemOf(told, again), ['matched', 'known', payout.id])
    await told.post(addressOf(told, 'payout', payout.id), result)
    const after = await payoutOf(told, payout.id)
    assert.deepEqual([after.status, after.version, after.needs_attention], ['returned', 2, null])
    assert.deepEqual(await toldOf(told), ['payout.completed', 'payout.returned'])
  }))

test('a return gives nothing back to the limit of the day', () =>
  scene(async (told) => {
    const payout = await arrived(told)
    await told.upload(file(back(payout)))
    assert.equal(await countedToday(told), 1500)
  }))

test('a failure that is told of a returned payout changes nothing, and is shown to a person', () =>
  scene(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await told.post(addressOf(told, 'payout', id), resultOf({ conversation }))
    await told.upload(file(back()))
    await told.post(addressOf(told, 'payout', id), resultOf({ code: 1, conversation }))
    const returned = await payoutOf(told, id)
    assert.deepEqual([returned.status, returned.needs_attention], ['returned', ['payout_reversed', 'contradicts']])
    assert.equal(await countedToday(told), 1500)
    assert.deepEqual(await toldOf(told), ['payout.completed', 'payout.returned'])
  }))

test('a return that several statements show at the same moment is told once', () =>
  scene(async (told) => {
    const { provider_receipt: receipt } = await arrived(told)
    const name = { merchant_id: told.merchant.id, provider: 'mpesa', environment: 'simulator', receipt } as const
    const shown = { amount_cents: 150_000, at: told.clock.now(), source: 'statement', raw: Buffer.from('x') } as const
    const one = { ...name, ...shown, return_receipt: 'UKK0000RRR' }
    const effects = await Promise.all(
      Array.from({ length: 8 }, () => settleReturns(told.context, [one, { ...one, receipt: 'UKK0000NONE' }])),
    )
    const did = effects.flat().map(({ effect }) => effect)
    assert.equal(did.filter((effect) => effect === 'returned').length, 1)
    assert.equal(did.filter((effect) => effect === 'no_payout').length, 8)
    assert.deepEqual(await toldOf(told), ['payout.completed', 'payout.returned'])
  }))

test('a payout of which a part came back stays completed, and a person is shown how much, once', () =>
  scene(async (told) => {
    const payout = await arrived(told)
    const run = await told.upload(file(back(payout, '500.00')))
    assert.deepEqual(await itemOf(told, run), ['mismatched', 'part_returned', payout.id])
    const [item] = await told.items(run, 'kind=reversal')
    assert.deepEqual([item.amount, item.expected_amount], ['500.00', '1500.00'])
    const flagged = await payoutOf(told, payout.id)
    assert.deepEqual([flagged.status, flagged.version, flagged.needs_attention], ['completed', 1, ['part_returned']])
    const { body: evidence } = await told.call('GET', `/v1/payouts/${payout.id}/evidence`)
    assert.equal(evidence.data.at(-1).amount, '500.00')
    await told.call('POST', `/v1/attention/${payout.id}/resolve`, { note: 'The rest was owed' })
    assert.deepEqual(await itemOf(told, await told.upload(file(gone(payout), back(payout, '500.00')))), [
      'mismatched',
      'part_returned',
      payout.id,
    ])
    assert.equal((await payoutOf(told, payout.id)).needs_attention, null)
    await told.upload(file(back(payout, '400.00', 'UKK0000QQQ')))
    assert.deepEqual((await payoutOf(told, payout.id)).needs_attention, ['part_returned'])
    assert.deepEqual(await eventsOf(told, 'payout.returned'), [])
    await told.upload(file(back(payout)))
    assert.equal((await payoutOf(told, payout.id)).status, 'returned', 'all of it came back after all')
  }))

test('a return that is told before its payout is completed settles nothing, and does once it is told again', () =>
  scene(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    const early = await told.upload(file(back()))
    assert.deepEqual(await itemOf(told, early), ['not_found', 'unknown_receipt', null])
    assert.equal((await payoutOf(told, id)).status, 'pending')
    await told.post(addressOf(told, 'payout', id), resultOf({ conversation }))
    await told.upload(file(back()))
    assert.equal((await payoutOf(told, id)).status, 'returned')
    assert.deepEqual(await toldOf(told), ['payout.completed', 'payout.returned'])
  }))

test('one statement completes a payout and returns it, in whichever order its lines stand; its preview says so and does nothing', () =>
  scene(async (told) => {
    const { id } = await sentIntoSilence(told)
    const { receipt } = told.simulator.ledger.entries.at(-1)!
    const shown = { provider_receipt: receipt }
    const csv = file(back(shown), back(shown, '1500.00', 'UKK0000QQQ'), gone(shown))
    const { body } = await told.send(csv, 'preview=true')
    const foreseen = body.data.items.map(({ outcome, reason, payout_id }: any) => [outcome, reason, payout_id])
    assert.deepEqual(foreseen, [
      ['recovered', 'completed', id],
      ['recovered', 'payout_reversed', id],
      ['matched', 'known', id],
    ])
    assert.deepEqual([(await payoutOf(told, id)).status, await toldOf(told)], ['pending', []])
    const items = await told.items(await told.upload(csv))
    assert.deepEqual(
      items.map(({ outcome, reason, payout_id }: any) => [outcome, reason, payout_id]),
      foreseen,
    )
    assert.equal((await payoutOf(told, id)).status, 'returned')
    assert.deepEqual(await toldOf(told), ['payout.completed', 'payout.returned'])
  }))

/** The answer to the question what became of a payout to Wanjiku. */
function answerOf({ conversation, amount = '1500' }: { conversation: string; amount?: string | undefined }) {
  const ResultParameter = [
    { Key: 'DebitPartyName', Value: '174379 - DUKA' },
    { Key: 'CreditPartyName', Value: '254712345678 - WANJIKU MFANO' },
    { Key: 'TransactionStatus', Value: 'Reversed' },
    { Key: 'FinalisedTime', Value: '20261120144700' },
    { Key: 'Amount', Value: amount },
    { Key: 'ConversationID', Value: conversation },
    { Key: 'ReceiptNo', Value: 'UKK0000PPP' },
  ]
  return {
    Result: {
      ResultType: 0,
      ResultCode: 0,
      ResultDesc: 'As it came',
      OriginatorConversationID: '3213-416199-2',
      ConversationID: 'AG_20261120_2010000000000000',
      TransactionID: 'UKK0000000',
      ResultParameters: { ResultParameter },
    },
  }
}

test('M-Pesa, when asked, says that a payout came back: it had been completed, and is returned', () =>
  scene(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    const answer = answerOf({ conversation })
    for (let count = 0; count < 2; count++) await told.post(addressOf(told, 'status', id), answer)
    const returned = await payoutOf(told, id)
    assert.deepEqual(
      [returned.status, returned.version, returned.provider_receipt, returned.needs_attention, returned.returned_at],
      ['returned', 2, 'UKK0000PPP', ['payout_reversed'], '2026-11-20T11:47:00.000Z'],
    )
    await told.post(addressOf(told, 'payout', id), resultOf({ conversation }))
    const run = await told.upload(file(gone(), back()))
    assert.deepEqual(await itemOf(told, run), ['matched', 'known', id])
    assert.deepEqual(await toldOf(told), ['payout.completed', 'payout.returned'])
    assert.equal(await countedToday(told), 1500)
  }))

test('an answer that a payout failed before came back says that it was sent after all, and counts against its day', () =>
  scene(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await told.post(addressOf(told, 'payout', id), resultOf({ code: 1, conversation }))
    assert.equal(await countedToday(told), 0)
    await told.post(addressOf(told, 'status', id), answerOf({ conversation }))
    const returned = await payoutOf(told, id)
    assert.deepEqual([returned.status, returned.late, returned.failure], ['returned', true, null])
    assert.deepEqual(await toldOf(told), ['payout.failed', 'payout.completed', 'payout.returned'])
    assert.equal(await countedToday(told), 1500)
  }))

test('an answer about another request, or with another amount, returns nothing, and is shown to a person', () =>
  scene(async (told) => {
    const one = await sentIntoSilence(told)
    await told.post(addressOf(told, 'status', one.id), answerOf({ conversation: 'AG_20261120_2010111111111111' }))
    await told.post(addressOf(told, 'status', one.id), answerOf({ ...one, amount: '700' }))
    const { status, needs_attention } = await payoutOf(told, one.id)
    assert.deepEqual([status, needs_attention], ['pending', ['mismatch', 'wrong_amount']])
    await told.post(addressOf(told, 'payout', one.id), resultOf(one))
    for (const amount of ['700', 'x']) await told.post(addressOf(told, 'status', one.id), answerOf({ ...one, amount }))
    const flagged = await payoutOf(told, one.id)
    assert.equal(flagged.status, 'completed')
    assert.ok(['part_returned', 'unreadable_amount'].every((reason) => flagged.needs_attention.includes(reason)))
    assert.deepEqual(await toldOf(told), ['payout.completed'])
  }))

test("for live money, an answer from an address that is not Safaricom's returns nothing", () =>
  scene(
    async (told) => {
      const { id, conversation } = await sentIntoSilence(told)
      await told.post(addressOf(told, 'status', id), answerOf({ conversation }))
      assert.equal((await payoutOf(told, id)).status, 'pending')
      assert.deepEqual(await toldOf(told), [])
    },
    { environment: 'live' },
  ))

test('an endpoint asks for returned payouts alone, and is told of them alone', () =>
  scene(async (told) => {
    const endpoint = { url: 'https://shop.example/hook', events: ['payout.returned'] }
    const { status, body } = await told.call('POST', '/v1/webhook-endpoints', endpoint)
    assert.equal(status, 201, JSON.stringify(body))
    const payout = await arrived(told)
    await told.upload(file(back(payout)))
    const { body: deliveries } = await told.call('GET', `/v1/deliveries?endpoint_id=${body.data.id}`)
    assert.deepEqual(
      deliveries.data.map(({ event_type }: any) => event_type),
      ['payout.returned'],
    )
  }))

test('a payout that came back is no longer sent out, in the statement of a month', () =>
  scene(async (told) => {
    const payout = await arrived(told)
    const month = { merchant_id: told.merchant.id, mode: 'test', month: '2026-11' } as const
    assert.equal((await statementOf(told.context, month)).total.sent_cents, 150_000)
    await told.upload(file(back(payout)))
    const { total, closing_cents } = await statementOf(told.context, month)
    assert.deepEqual([total.sent_cents, closing_cents], [0, 0])
  }))

test('a returned payout stays one, also for a node of a version that knows none', () =>
  scene(async (told) => {
    const payout = await arrived(told)
    await told.upload(file(back(payout)))
    for (const status of ['completed', 'failed', 'pending'])
      await assert.rejects(
        told.context.database.query(
          sql`update payouts set status = ${status}, failure_code = 'refused' where id = ${parseId('pot', payout.id)}`,
        ),
        /payouts_returned/,
      )
  }))
