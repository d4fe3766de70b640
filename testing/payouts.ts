import assert from 'node:assert/strict'
import { sql } from '../server/database/sql.ts'
import { parseId } from '../server/id.ts'
import { createKey } from '../server/access/key.ts'
import { enablePayouts } from '../server/payouts/enable.ts'
import { story } from './story.ts'
import type { Story, StoryOptions } from './story.ts'

export const wanjiku = '254712345678'

/** A story of a shop that may send 100,000 shillings a day. */
export function enabled(plot: (told: Story) => Promise<void>, options: StoryOptions = {}, above: number | null = null) {
  return story(options, async (told) => {
    await enable(told, { above })
    await plot(told)
  })
}

export async function enable({ context, merchant }: Story, { limit = 100_000, above = null as number | null } = {}) {
  await enablePayouts(
    { ...context, actor: 'user:owner', isOwner: true },
    {
      merchant_id: merchant.id,
      daily_limit_cents: limit * 100,
      approval_above_cents: above === null ? null : above * 100,
    },
  )
}

/** Asks for a payout to Wanjiku, or to whom the test says; it must be taken on. */
export async function send(told: Story, input: Record<string, unknown> = {}, headers = {}): Promise<any> {
  const body = { kind: 'b2c', phone: wanjiku, amount: 1500, ...input }
  const made = await told.call('POST', '/v1/payouts', body, headers)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.data
}

/** The payout as it now is, after everything that is under way has come to rest. */
export async function payoutOf({ simulator, call }: Story, id: string): Promise<any> {
  await simulator.settled()
  return (await call('GET', `/v1/payouts/${id}`)).body.data
}

/** A result of M-Pesa for a payment to a person, worded by the test. */
export function resultOf(
  said: { code?: number | string; receipt?: string; amount?: unknown; conversation?: string } = {},
) {
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

/** A payout that is under way and hears nothing, with the id of its conversation. */
export async function sentIntoSilence(told: Story, input = {}): Promise<{ id: string; conversation: string }> {
  told.simulator.faults.set({ rules: [{ api: '*', fault: 'drop_callback', probability: 1 }] })
  const { id } = await send(told, input)
  await told.simulator.settled()
  const row = await told.context.database.one<{ conversation_id: string }>(
    sql`select conversation_id from payouts where id = ${parseId('pot', id)}`,
  )
  return { id, conversation: row.conversation_id }
}

/** What counts against today, in shillings; and what the payouts that have not failed come to. They must agree. */
export async function countedToday({ context }: Story): Promise<number> {
  const { used, sum } = await context.database.one<{ used: number; sum: number }>(sql`
    select (select coalesce(sum(used_cents), 0)::bigint from payout_days) as used,
      (select coalesce(sum(amount_cents), 0)::bigint from payouts where status <> 'failed') as sum`)
  assert.equal(used, sum)
  return used / 100
}

/** What was sent, in shillings: by Lango's books, and by the simulator's ledger. */
export async function inAgreement({ context, simulator }: Story): Promise<void> {
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
export function asked({ simulator }: Story, ...apis: (string | null)[]): number {
  return simulator.log().filter(({ api, direction }) => direction === 'in' && apis.includes(api)).length
}

/** A second key of the shop, with a name of its own. */
export async function secondKey({ context, merchant }: Story): Promise<Record<string, string>> {
  const { key } = await createKey(context, {
    merchant_id: merchant.id,
    name: 'accountant',
    mode: 'test',
    scopes: ['payouts:write'],
  })
  return { 'X-API-Key': key }
}
