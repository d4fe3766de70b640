import assert from 'node:assert/strict'
import { sql } from '../server/database/sql.ts'
import { parseId } from '../server/id.ts'
import type { FaultName } from '../simulator/index.ts'
import { booksOf } from './books-of.ts'
import type { Story } from './story.ts'

const amina = '0712345678'

/** A payment that Amina made, with its receipt. */
export async function paid(told: Story, amount = 100): Promise<any> {
  const { id } = await told.pay({ amount })
  told.simulator.phones.get(amina).approve()
  return told.payment(id)
}

/** Asks for a refund, which must be taken on. */
export async function refund(told: Story, body: Record<string, unknown>, headers = {}): Promise<any> {
  const made = await told.call('POST', '/v1/refunds', body, headers)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.data
}

/** The refund as it now is, after everything that is under way has come to rest. */
export async function refundOf({ simulator, call }: Story, id: string): Promise<any> {
  await simulator.settled()
  return (await call('GET', `/v1/refunds/${id}`)).body.data
}

/** The body of an M-Pesa result, worded by the test. */
export function resultOf(said: {
  code?: number | string
  receipt?: string
  of?: string
  amount?: unknown
  conversation?: string
}) {
  const { code = 0, receipt = 'UKK0000RRR', of, amount = 100, conversation = 'AG_20261120_2010000000000000' } = said
  const ResultParameter = [
    { Key: 'Amount', Value: amount },
    { Key: 'OriginalTransactionID', Value: of },
  ]
  return {
    Result: {
      ResultType: 0,
      ResultCode: code,
      ResultDesc: 'As it came',
      OriginatorConversationID: '29115-34620561-1',
      ConversationID: conversation,
      TransactionID: receipt,
      ...(code === 0 && { ResultParameters: { ResultParameter } }),
    },
  }
}

/** The id of the only refund's request. */
export async function conversationOf({ context }: Story): Promise<string> {
  const { conversation_id } = await context.database.one<any>(sql`select conversation_id from refunds`)
  return conversation_id
}

/** What the payment holds, as cents: received, reserved, refunded. */
export async function moneyOf({ context }: Story, paymentId: string): Promise<number[]> {
  const row = await context.database.one<Record<string, number>>(sql`
    select received_cents, reserved_cents, refunded_cents from payments where id = ${parseId('pay', paymentId)}`)
  return [row['received_cents']!, row['reserved_cents']!, row['refunded_cents']!]
}

export async function inAgreement(told: Story): Promise<void> {
  const { lango, ledger } = await booksOf(told)
  assert.equal(lango, ledger)
}

/** A fault that strikes every request for a refund. */
export const faulty = (fault: FaultName) => ({ rules: [{ api: 'reversal' as const, fault, probability: 1 }] })

/** What a statement shows of the reversal of a payment, but for its receipt and its time. */
export function shownBy({ merchant }: Story, { provider_receipt }: { provider_receipt: string }) {
  return {
    merchant_id: merchant.id,
    provider: 'mpesa',
    environment: 'simulator',
    receipt: provider_receipt,
    amount_cents: 10_000,
    source: 'statement',
  } as const
}
