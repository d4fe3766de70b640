import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../app.ts'
import { createContext } from '../context.ts'
import { sql } from '../database/sql.ts'
import { newId, parseId } from '../id.ts'
import { createKey, scopes } from '../merchants/key.ts'
import { makeToken } from '../token.ts'
import { story } from '../../testing/story.ts'
import type { Story, StoryOptions } from '../../testing/story.ts'
import { checkPayouts } from './check.ts'
import { disablePayouts, enablePayouts } from './enable.ts'
import { findPayoutCandidates, findPayoutsByReceipt } from './match.ts'
import { settlePayouts } from './settle.ts'

const wanjiku = '254712345678'

/** A story of a shop that may send 100,000 shillings a day. */
function enabled(plot: (told: Story) => Promise<void>, options: StoryOptions = {}, above: number | null = null) {
  return story(options, async (told) => {
    await enable(told, { above })
    await plot(told)
  })
}

async function enable({ context, merchant }: Story, { limit = 100_000, above = null as number | null } = {}) {
  await enablePayouts(
    { ...context, actor: 'user:owner' },
    {
      merchant_id: merchant.id,
      daily_limit_cents: limit * 100,
      approval_above_cents: above === null ? null : above * 100,
    },
  )
}

/** Asks for a payout to Wanjiku, or to whom the test says; it must be taken on. */
async function send(told: Story, input: Record<string, unknown> = {}, headers = {}): Promise<any> {
  const body = { kind: 'b2c', phone: wanjiku, amount: 1500, ...input }
  const made = await told.call('POST', '/v1/payouts', body, headers)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.data
}

/** The payout as it now is, after everything that is under way has come to rest. */
async function payoutOf({ simulator, call }: Story, id: string): Promise<any> {
  await simulator.settled()
  return (await call('GET', `/v1/payouts/${id}`)).body.data
}

/** A result of M-Pesa for a payment to a person, worded by the test. */
function resultOf(said: { code?: number | string; receipt?: string; amount?: number; conversation?: string } = {}) {
  const { code = 0, receipt = 'UKK0000PPP', amount = 1500, conversation = 'AG_20261120_2010000000000000' } = said
  const ResultParameter = [
    { Key: 'TransactionAmount', Value: amount },
    { Key: 'TransactionReceipt', Value: receipt },
    { Key: 'ReceiverPartyPublicName', Value: '254712345678 - WANJIKU MFANO' },
    { Key: 'TransactionCompletedDateTime', Value: '20.11.2026 14:32:08' },
  ]
  return {
    Result: {
      ResultType: 0,
      ResultCode: code,
      ResultDesc: 'As it came',
      OriginatorConversationID: '53e3-4aa8-9fe0-8fb5e4092cdd3533373',
      ConversationID: conversation,
      TransactionID: receipt,
      ...(code === 0 && { ResultParameters: { ResultParameter } }),
    },
  }
}

/** The address that a payout's results come to. */
function addressOf({ context, merchant }: Story, id: string, kind: 'payout' | 'status' = 'payout'): string {
  const subject = { merchant_id: merchant.id, kind, subject_id: parseId('pot', id)! }
  return `/v1/in/${makeToken(context.config.secretKeys, subject)}`
}

/** A payout that is under way and hears nothing, with the id of its conversation. */
async function sentIntoSilence(told: Story, input = {}): Promise<{ id: string; conversation: string }> {
  told.simulator.faults.set({ rules: [{ api: '*', fault: 'drop_callback', probability: 1 }] })
  const { id } = await send(told, input)
  await told.simulator.settled()
  const row = await told.context.database.one<{ conversation_id: string }>(
    sql`select conversation_id from payouts where id = ${parseId('pot', id)}`,
  )
  return { id, conversation: row.conversation_id }
}

/** The types of the events that the merchant was told of, in order. */
async function toldOf({ context }: Story): Promise<string[]> {
  const rows = await context.database.query<{ type: string }>(sql`select type from events order by id`)
  return rows.map(({ type }) => type)
}

/** What counts against today, in shillings; and what the payouts that have not failed come to. They must agree. */
async function countedToday({ context }: Story): Promise<number> {
  const { used, sum } = await context.database.one<{ used: number; sum: number }>(sql`
    select (select coalesce(sum(used_cents), 0)::bigint from payout_days) as used,
      (select coalesce(sum(amount_cents), 0)::bigint from payouts where status <> 'failed') as sum`)
  assert.equal(used, sum)
  return used / 100
}

/** What was sent, in shillings: by Lango's books, and by the simulator's ledger. */
async function inAgreement({ context, simulator }: Story): Promise<void> {
  const { sent } = await context.database.one<{ sent: number }>(
    sql`select coalesce(sum(amount_cents), 0)::bigint as sent from payouts where status = 'completed' and provider_receipt is not null`,
  )
  const ledger = simulator.ledger.entries.filter(({ kind }) => kind === 'b2c' || kind === 'b2b')
  assert.equal(
    sent / 100,
    ledger.reduce((sum, { amount }) => sum + amount, 0),
  )
}

/** How often the simulator was asked for something. */
function asked({ simulator }: Story, ...apis: (string | null)[]): number {
  return simulator.log().filter(({ api, direction }) => direction === 'in' && apis.includes(api)).length
}

const kinds = [
  ['a person', { kind: 'b2c', reason: 'salary_payment', remarks: 'Salary: November!' }],
  ["a small trader's wallet", { kind: 'pochi' }],
  ['a paybill', { kind: 'b2b', phone: undefined, shortcode: '600000', account_reference: 'ACC-7' }],
  ['a till', { kind: 'b2b', phone: undefined, shortcode: '600001', shortcode_type: 'till' }],
] as const

for (const [receiver, input] of kinds) {
  test(`${receiver} is paid, with the receipt, and the shop is told`, () =>
    enabled(async (told) => {
      const made = await send(told, { ...input, metadata: { run: 11 } })
      assert.equal(made.provider_outcome, 'accepted')
      const done = await payoutOf(told, made.id)
      assert.equal(done.status, 'completed')
      assert.equal(done.provider_receipt, told.simulator.ledger.entries.at(-1)!.receipt)
      assert.ok(done.receiver_name && done.paid_at && done.completed_at)
      const events = await told.context.database.query<{ type: string; body: string }>(
        sql`select type, body from events`,
      )
      assert.deepEqual(
        events.map(({ type }) => type),
        ['payout.completed'],
      )
      const { data } = JSON.parse(events[0]!.body)
      assert.equal(data.payout_id, made.id)
      assert.deepEqual([data.version, data.amount, data.metadata], [1, '1500.00', { run: 11 }])
      assert.equal(data.provider_receipt, done.provider_receipt)
      const { body } = await told.call('GET', `/v1/payouts/${made.id}/evidence`)
      assert.deepEqual(
        body.data.map(({ source, effect }: any) => `${source} ${effect}`),
        ['ack informed', 'callback completed'],
      )
      assert.equal(await countedToday(told), 1500)
      await inAgreement(told)
    }))
}

test('payouts are off until an owner enables them, and off again when one says so', () =>
  story({}, async (told) => {
    const body = { kind: 'b2c', phone: wanjiku, amount: 100 }
    const before = await told.call('POST', '/v1/payouts', body, { 'Idempotency-Key': 'p' })
    assert.deepEqual([before.status, before.body.error.code], [422, 'payouts_disabled'])
    const limits = { merchant_id: told.merchant.id, daily_limit_cents: 100_000, approval_above_cents: null }
    await assert.rejects(() => enablePayouts({ ...told.context, actor: 'key:story' }, limits), {
      code: 'owner_required',
    })
    await enable(told)
    await send(told, { amount: 100 }, { 'Idempotency-Key': 'p' })
    await disablePayouts({ ...told.context, actor: 'user:owner' }, told.merchant.id)
    const after = await told.call('POST', '/v1/payouts', { ...body, amount: 200 })
    assert.equal(after.body.error.code, 'payouts_disabled')
    const audited = await told.context.database.query<{ action: string }>(
      sql`select action from audit_log where action like 'payout%' order by id`,
    )
    assert.deepEqual(
      audited.map(({ action }) => action),
      ['payouts.enabled', 'payout.created', 'payouts.disabled'],
    )
  }))

test('what cannot be sent is refused in a sentence, and counts nothing', () =>
  enabled(async (told) => {
    const person = { kind: 'b2c', phone: wanjiku }
    const paybill = { kind: 'b2b', shortcode: '600000', account_reference: 'A', amount: 50 }
    const tries = [
      [{ ...person, amount: 9 }, 400, 'invalid_amount'],
      [{ ...person, amount: 250_001 }, 400, 'invalid_amount'],
      [{ ...person, amount: '10.50' }, 400, 'amount_not_whole'],
      [{ kind: 'b2c', amount: 50 }, 400, 'invalid_request'],
      [{ ...person, phone: '12', amount: 50 }, 400, 'invalid_phone'],
      [{ ...person, amount: 50, shortcode: '600000' }, 400, 'invalid_request'],
      [{ ...paybill, account_reference: undefined }, 400, 'invalid_request'],
      [{ ...paybill, account_reference: 'A&B' }, 400, 'invalid_reference'],
      [{ ...person, amount: 100_001 }, 422, 'payout_limit_exceeded'],
    ] as const
    for (const [body, status, code] of tries) {
      const refused = await told.call('POST', '/v1/payouts', body, { 'Idempotency-Key': 'one key' })
      assert.deepEqual([refused.status, refused.body.error.code], [status, code], JSON.stringify(body))
    }
    assert.equal(await countedToday(told), 0)
    // None of these was recorded: the key is still free.
    await send(told, {}, { 'Idempotency-Key': 'one key' })
  }))

test('an account without an API operator pays nobody, and says what to set', () =>
  enabled(
    async (told) => {
      const refused = await told.call('POST', '/v1/payouts', { kind: 'b2c', phone: wanjiku, amount: 100 })
      assert.deepEqual([refused.status, refused.body.error.code], [422, 'operator_required'])
      assert.equal(await countedToday(told), 0)
    },
    { operator: {} },
  ))

test('a key without the scope sends nothing, and a test key sends no live money', () =>
  enabled(
    async (told) => {
      const keyOf = async (granted: (typeof scopes)[number][], mode: 'test' | 'live') =>
        (await createKey(told.context, { merchant_id: told.merchant.id, name: 'weak', mode, scopes: granted })).key
      const weak = [
        await keyOf(['payments:read', 'payments:write'], 'live'),
        await keyOf(['payouts:write', 'payments:read'], 'test'),
      ]
      for (const key of weak) {
        const body = { kind: 'b2c', phone: wanjiku, amount: 100 }
        const refused = await told.call('POST', '/v1/payouts', body, { 'X-API-Key': key })
        assert.deepEqual([refused.status, refused.body.error.code], [403, 'forbidden'])
      }
    },
    { environment: 'live' },
  ))

test('of twenty payouts at once no more are sent than the limit of the day allows', () =>
  story({}, async (told) => {
    await enable(told, { limit: 1000 })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        told.call('POST', '/v1/payouts', { kind: 'b2c', phone: `2547110000${10 + index}`, amount: 300 }),
      ),
    )
    assert.equal(answers.filter(({ status }) => status === 201).length, 3)
    const refused = answers.find(({ status }) => status !== 201)!
    assert.deepEqual([refused.status, refused.body.error.code], [422, 'payout_limit_exceeded'])
    assert.match(refused.body.error.message, /1,000\.00 .* 100\.00 are left/)
    await told.simulator.settled()
    assert.equal(await countedToday(told), 900)
    await inAgreement(told)
    // The day of Nairobi ends three hours before that of UTC: it is 11:30 there.
    await told.advance('9 h')
    assert.equal((await told.call('POST', '/v1/payouts', { kind: 'b2c', phone: wanjiku, amount: 300 })).status, 422)
    await told.advance('31 minutes')
    await send(told, { amount: 300 })
  }))

test('a payout asked for twice with one key is sent once', () =>
  enabled(async (told) => {
    const body = { kind: 'b2c', phone: wanjiku, amount: 400 }
    const key = { 'Idempotency-Key': 'salary-11' }
    const all = await Promise.all([1, 2, 3].map(() => told.call('POST', '/v1/payouts', body, key)))
    assert.ok(all.some(({ status }) => status === 201))
    assert.ok(all.every(({ status }) => [201, 409].includes(status)))
    await told.simulator.settled()
    const again = await told.call('POST', '/v1/payouts', body, key)
    assert.equal(again.headers.get('Idempotency-Replayed'), 'true')
    assert.deepEqual(again.body, all.find(({ status }) => status === 201)!.body)
    const other = await told.call('POST', '/v1/payouts', { ...body, amount: 401 }, key)
    assert.deepEqual([other.status, other.body.error.code], [422, 'idempotency_key_reused'])
    assert.equal(asked(told, 'b2c'), 1)
    assert.equal(await countedToday(told), 400)
  }))

test('without a key, the same payout within a minute is refused, unless the first one failed', () =>
  enabled(async (told) => {
    const first = await send(told)
    const second = await told.call('POST', '/v1/payouts', { kind: 'b2c', phone: '0712 345 678', amount: 1500 })
    assert.deepEqual([second.status, second.body.error.code], [409, 'duplicate_payout'])
    assert.equal(second.body.error.payout_id, first.id)
    await told.advance('61 s')
    await send(told)
    told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'spike_arrest', probability: 1 }] })
    assert.equal((await send(told, { amount: 70 })).status, 'failed')
    assert.equal((await send(told, { amount: 70 })).status, 'failed')
  }))

test('an external reference belongs to one payout', () =>
  enabled(async (told) => {
    const first = await send(told, { external_reference: 'run-7/wanjiku' })
    const body = { kind: 'b2c', phone: wanjiku, amount: 90, external_reference: 'run-7/wanjiku' }
    const second = await told.call('POST', '/v1/payouts', body)
    assert.deepEqual([second.status, second.body.error.code], [409, 'duplicate_external_reference'])
    assert.equal(second.body.error.payout_id, first.id)
    assert.equal(await countedToday(told), 1500)
  }))

test('a short code that lacks the money pays nobody, and the day has its amount back', () =>
  enabled(async (told) => {
    told.simulator.organisations.set('174379', { accounts: { 'Utility Account': 10 } })
    const { id } = await send(told)
    const { status, failure } = await payoutOf(told, id)
    assert.equal(status, 'failed')
    assert.deepEqual([failure.code, failure.provider_code], ['insufficient_funds', '1'])
    assert.match(failure.message, /Utility account/)
    assert.deepEqual(await toldOf(told), ['payout.failed'])
    assert.equal(await countedToday(told), 0)
    await inAgreement(told)
  }))

const documentedFailures = [
  ['254700000008', 'receiver_full', '8'],
  ['254700002040', 'receiver_invalid', '2040'],
  ['254700009003', 'receiver_invalid', 'SFC_IC0003'],
  ['254700002001', 'operator_invalid', '2001'],
] as const

for (const [phone, code, providerCode] of documentedFailures) {
  test(`a payout that M-Pesa ends with ${providerCode} has failed as ${code}`, () =>
    enabled(async (told) => {
      const { id } = await send(told, { phone })
      const { failure } = await payoutOf(told, id)
      assert.deepEqual([failure.code, failure.provider_code], [code, providerCode])
      assert.equal(await countedToday(told), 0)
    }))
}

test('a payout that M-Pesa refuses at once has failed, and its amount is given back', () =>
  enabled(async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'spike_arrest', probability: 1 }] })
    const refused = await send(told)
    assert.equal(refused.status, 'failed')
    assert.equal(refused.failure.code, 'refused')
    assert.equal(await countedToday(told), 0)
    assert.deepEqual(await toldOf(told), ['payout.failed'])
  }))

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

test('a result that comes before the response finds its payout', () =>
  enabled(async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'early_callback', probability: 1 }] })
    const { id, status } = await send(told)
    assert.equal(status, 'completed')
    assert.equal((await payoutOf(told, id)).provider_outcome, 'accepted')
    assert.deepEqual(await toldOf(told), ['payout.completed'])
  }))

test('a result that comes many times, one after the other and at once, counts once', () =>
  enabled(async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'b2c', fault: 'duplicate_callback', probability: 1 }] })
    const { id } = await send(told)
    await payoutOf(told, id)
    const { body } = told.lastCallback()
    for (let count = 0; count < 3; count++) await told.post(addressOf(told, id), body)
    const replies = await Promise.all(Array.from({ length: 30 }, () => told.post(addressOf(told, id), body)))
    assert.ok(replies.every(({ status }) => status === 200))
    assert.deepEqual(await toldOf(told), ['payout.completed'])
    assert.equal(await countedToday(told), 1500)
    assert.equal((await payoutOf(told, id)).version, 1)
    const { body: evidence } = await told.call('GET', `/v1/payouts/${id}/evidence`)
    assert.equal(evidence.data.length, 1 + 2 + 3 + 30, 'every copy is kept')
    await inAgreement(told)
  }))

test('a success after failure wins, and counts against its day again', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await told.post(addressOf(told, id), resultOf({ code: 1, conversation }))
    assert.equal((await payoutOf(told, id)).status, 'failed')
    assert.equal(await countedToday(told), 0)
    await told.post(addressOf(told, id), resultOf({ conversation }))
    const done = await payoutOf(told, id)
    assert.deepEqual([done.status, done.late, done.failure], ['completed', true, null])
    assert.equal(await countedToday(told), 1500)
    assert.deepEqual(await toldOf(told), ['payout.failed', 'payout.completed'])
  }))

test('a failure after success changes nothing, and is shown to a person', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await told.post(addressOf(told, id), resultOf({ conversation }))
    await told.post(addressOf(told, id), resultOf({ code: 1, conversation }))
    const done = await payoutOf(told, id)
    assert.deepEqual([done.status, done.needs_attention], ['completed', 'contradicts'])
    assert.equal(await countedToday(told), 1500)
    assert.deepEqual(await toldOf(told), ['payout.completed'])
  }))

test('of success and failure in one batch, the success wins', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await Promise.all([1, 0, 1].map((code) => told.post(addressOf(told, id), resultOf({ code, conversation }))))
    assert.equal((await payoutOf(told, id)).status, 'completed')
    assert.equal((await toldOf(told)).at(-1), 'payout.completed')
    assert.equal(await countedToday(told), 1500)
  }))

test('a wrong amount settles nothing, and is shown to a person', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await told.post(addressOf(told, id), resultOf({ conversation, amount: 15 }))
    const open = await payoutOf(told, id)
    assert.deepEqual([open.status, open.needs_attention], ['pending', 'wrong_amount'])
  }))

test('one receipt belongs to one payout, also when two name it at the same moment', () =>
  enabled(async (told) => {
    const both = [await sentIntoSilence(told), await sentIntoSilence(told, { phone: '254799000120' })]
    await Promise.all(both.map(({ id, conversation }) => told.post(addressOf(told, id), resultOf({ conversation }))))
    const settled = await Promise.all(both.map(({ id }) => payoutOf(told, id)))
    assert.deepEqual(settled.map(({ status }) => status).sort(), ['completed', 'pending'])
    assert.equal(settled.find(({ status }) => status === 'pending').needs_attention, 'receipt_used')
  }))

test('a second receipt for one payout is shown to a person', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    await told.post(addressOf(told, id), resultOf({ conversation }))
    await told.post(addressOf(told, id), resultOf({ conversation, receipt: 'UKK0000QQQ' }))
    const done = await payoutOf(told, id)
    assert.deepEqual([done.provider_receipt, done.needs_attention], ['UKK0000PPP', 'second_receipt'])
  }))

test("another payout's token settles neither of them, and a check is due", () =>
  enabled(async (told) => {
    const mine = await sentIntoSilence(told)
    const other = await sentIntoSilence(told, { phone: '254799000120' })
    await told.post(addressOf(told, mine.id), resultOf({ conversation: other.conversation }))
    const open = await payoutOf(told, mine.id)
    assert.deepEqual([open.status, open.needs_attention], ['pending', 'mismatch'])
    assert.equal((await payoutOf(told, other.id)).status, 'pending')
    const { due } = await told.context.database.one<{ due: Date }>(
      sql`select check_at as due from payouts where id = ${parseId('pot', mine.id)}`,
    )
    assert.ok(due <= told.clock.now())
  }))

test('a result without a valid token settles nothing', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    const address = addressOf(told, id)
    const forged = address.slice(0, -1) + (address.endsWith('0') ? '1' : '0')
    for (const path of ['/v1/webhooks/mpesa/b2c/result', '/v1/in/00', forged])
      await told.post(path, resultOf({ conversation }))
    assert.equal((await payoutOf(told, id)).status, 'pending')
    assert.deepEqual(await toldOf(told), [])
  }))

test("a result without a token, but from Safaricom's address, is worth a check at once", () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    told.simulator.faults.set({ rules: [] })
    const config = { ...told.context.config, trustedProxies: ['127.0.0.1'] }
    const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': '196.201.214.200' }
    const incoming = { socket: { remoteAddress: '127.0.0.1' } }
    const body = JSON.stringify(resultOf({ conversation }))
    const request = { method: 'POST', body, headers }
    await createApp({ ...told.context, config }).request('/v1/webhooks/mpesa/b2c/result', request, { incoming })
    assert.equal((await payoutOf(told, id)).status, 'pending', 'it settles nothing by itself')
    await checkPayouts.run(told.context)
    assert.equal((await payoutOf(told, id)).status, 'completed')
    await inAgreement(told)
  }))

test("for live money, a result from an address that is not Safaricom's settles nothing until a check confirms it", () =>
  enabled(
    async (told) => {
      const { id, conversation } = await sentIntoSilence(told)
      await told.post(addressOf(told, id), resultOf({ conversation }))
      assert.equal((await payoutOf(told, id)).status, 'pending')
      await checkPayouts.run(told.context)
      assert.equal(asked(told, 'transactionstatus'), 1)
    },
    { environment: 'live' },
  ))

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
    assert.deepEqual([waiting.status, waiting.needs_attention], ['pending', 'payout_unsettled'])
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

/** A second key of the shop, with a name of its own. */
async function secondKey({ context, merchant }: Story): Promise<Record<string, string>> {
  const { key } = await createKey(context, {
    merchant_id: merchant.id,
    name: 'accountant',
    mode: 'test',
    scopes: ['payouts:write', 'payments:read'],
  })
  return { 'X-API-Key': key }
}

test('above the threshold a payout waits for somebody else, and is then sent once', () =>
  enabled(
    async (told) => {
      assert.equal((await payoutOf(told, (await send(told, { amount: 5000 })).id)).status, 'completed')
      const waiting = await send(told, { amount: 5001 })
      assert.equal(waiting.status, 'awaiting_approval')
      await told.advance('2 h')
      await checkPayouts.run(told.context)
      assert.equal(asked(told, 'b2c'), 1)
      assert.equal(await countedToday(told), 10_001)

      const oneself = await told.call('POST', `/v1/payouts/${waiting.id}/approve`)
      assert.deepEqual([oneself.status, oneself.body.error.code], [403, 'second_person_required'])
      const accountant = await secondKey(told)
      const all = await Promise.all(
        [1, 2, 3].map(() => told.call('POST', `/v1/payouts/${waiting.id}/approve`, undefined, accountant)),
      )
      assert.deepEqual(all.map(({ status }) => status).sort(), [200, 409, 409])
      assert.equal((await payoutOf(told, waiting.id)).status, 'completed')
      assert.equal(asked(told, 'b2c'), 2)
      const approvals = await told.context.database.query<any>(sql`select decision, actor from approvals`)
      assert.deepEqual(approvals, [{ decision: 'approved', actor: 'key:accountant' }])
      await inAgreement(told)
    },
    {},
    5000,
  ))

test('a payout that is rejected has failed, was never sent, and gives its amount back', () =>
  enabled(
    async (told) => {
      const waiting = await send(told, { amount: 6000 })
      const accountant = await secondKey(told)
      const path = `/v1/payouts/${waiting.id}`
      const rejected = await told.call('POST', `${path}/reject`, { reason: 'Paid in cash' }, accountant)
      assert.equal(rejected.status, 200)
      assert.equal(rejected.body.data.status, 'failed')
      assert.deepEqual(rejected.body.data.failure, { code: 'rejected', message: 'Paid in cash', provider_code: null })
      assert.equal((await told.call('POST', `${path}/approve`, undefined, accountant)).status, 409)
      assert.deepEqual(await toldOf(told), ['payout.failed'])
      assert.equal(await countedToday(told), 0)
      assert.equal(asked(told, 'b2c'), 0)
      // Whoever asked may take it back.
      const other = await send(told, { amount: 7000 })
      assert.equal((await told.call('POST', `/v1/payouts/${other.id}/reject`)).status, 200)
    },
    {},
    5000,
  ))

test('of an approval and a rejection at once, one holds', () =>
  enabled(
    async (told) => {
      const { id } = await send(told, { amount: 6000 })
      const accountant = await secondKey(told)
      const both = await Promise.all(
        ['approve', 'reject'].map((verb) => told.call('POST', `/v1/payouts/${id}/${verb}`, undefined, accountant)),
      )
      assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409])
      const { status } = await payoutOf(told, id)
      assert.equal(status, both[0]!.status === 200 ? 'completed' : 'failed')
      await countedToday(told)
      await inAgreement(told)
    },
    {},
    5000,
  ))

test('what waits is not sent once payouts are off', () =>
  enabled(
    async (told) => {
      const { id } = await send(told, { amount: 6000 })
      await disablePayouts({ ...told.context, actor: 'user:owner' }, told.merchant.id)
      const refused = await told.call('POST', `/v1/payouts/${id}/approve`, undefined, await secondKey(told))
      assert.equal(refused.body.error.code, 'payouts_disabled')
      assert.equal((await payoutOf(told, id)).status, 'awaiting_approval')
      assert.equal(asked(told, 'b2c'), 0)
    },
    {},
    5000,
  ))

test('two nodes that hear the same, and check at the same moment, settle once', () =>
  enabled(async (told) => {
    const { id, conversation } = await sentIntoSilence(told)
    const other = createContext({ ...told.context })
    const app = createApp(other)
    const body = JSON.stringify(resultOf({ conversation }))
    const headers = { 'Content-Type': 'application/json' }
    const post = () => app.request(addressOf(told, id), { method: 'POST', headers, body })
    told.simulator.faults.set({ rules: [] })
    await told.advance('76 s')
    const [here, there] = await Promise.all([
      checkPayouts.run(told.context),
      checkPayouts.run(other),
      ...Array.from({ length: 10 }, () => [post(), told.post(addressOf(told, id), body)]).flat(),
    ])
    assert.ok((here as number) + (there as number) <= 1)
    await told.simulator.settled()
    assert.equal((await payoutOf(told, id)).version, 1)
    assert.deepEqual(await toldOf(told), ['payout.completed'])
    assert.equal(await countedToday(told), 1500)
  }))

test('one poisoned result in a batch is set aside alone, and all the others settle', () =>
  enabled(async (told) => {
    const all: { id: string; conversation: string }[] = []
    for (let count = 10; count < 40; count++) all.push(await sentIntoSilence(told, { phone: `2547110000${count}` }))
    const replies = await Promise.all(
      all.map(({ id, conversation }, index) =>
        told.post(
          addressOf(told, id),
          resultOf({ conversation, receipt: index === 7 ? 'NOT\u0000TEXT' : `UKK00000${10 + index}` }),
        ),
      ),
    )
    assert.ok(replies.every(({ status }) => status === 200))
    const { body } = await told.call('GET', '/v1/payouts?status=pending')
    assert.deepEqual(
      body.data.map(({ id, needs_attention }: any) => [id, needs_attention]),
      [[all[7]!.id, 'unreadable_evidence']],
    )
  }))

test('payouts are listed newest first, page by page, and narrowed down', () =>
  enabled(async (told) => {
    const first = await send(told, { external_reference: 'run-1' })
    await told.advance('1 h')
    const second = await send(told, { kind: 'pochi', phone: '254799000120', amount: 20 })
    const paybill = { kind: 'b2b', phone: undefined, shortcode: '600000', account_reference: 'ACC-7', amount: 30 }
    const third = await send(told, paybill)
    const { provider_receipt } = await payoutOf(told, first.id)
    const ids = async (query: string) =>
      (await told.call('GET', `/v1/payouts?${query}`)).body.data.map(({ id }: { id: string }) => id)
    assert.deepEqual(await ids(''), [third.id, second.id, first.id])
    const { body } = await told.call('GET', '/v1/payouts?limit=2')
    assert.deepEqual(await ids(`limit=2&cursor=${body.meta.next_cursor}`), [first.id])
    assert.deepEqual(await ids('kind=pochi'), [second.id])
    assert.deepEqual(await ids('status=completed&until=2026-11-20T12:00:00Z'), [first.id])
    for (const search of [first.id, provider_receipt.slice(0, 9), 'run-1', '0712345'])
      assert.deepEqual(await ids(`search=${encodeURIComponent(search)}`), [first.id], search)
    assert.deepEqual(await ids('search=6000'), [third.id])
    assert.deepEqual(await ids('phone=0799000120'), [second.id])
    assert.equal((await told.call('GET', '/v1/payouts?cursor=pay_1')).body.error.code, 'invalid_cursor')
    assert.equal((await told.call('GET', '/v1/payouts/pot_0193a6c177b27d0e8f21c4d5e6f70812')).status, 404)
  }))
