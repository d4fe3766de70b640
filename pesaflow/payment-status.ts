import { readAmount } from './amount.ts'
import type { ReadAmount } from './amount.ts'
import type { Pesaflow } from './client.ts'
import type { Reply } from './core/exchange.ts'
import { asText } from './core/json.ts'
import type { JsonObject } from './core/json.ts'
import { judge } from './core/judge.ts'
import { send, sendWithToken } from './core/send.ts'
import { lastPaidAt, readInstalments } from './instalment.ts'
import type { Instalment } from './instalment.ts'
import { statusHash } from './secure-hash.ts'
import { parseTime } from './time.ts'

/** What Pesaflow says of a bill. */
export type BillStatus = {
  /** Pesaflow's word, e.g. `pending` or `settled`. Judge it with `paymentState`, never alone. */
  status: string
  /** As Pesaflow names the bill, which may be either of its two references. */
  refNo: string | undefined
  /** Your reference. */
  reference: string | undefined
  payerName: string | undefined
  currency: string | undefined
  /** All that was paid so far. */
  paidCents: ReadAmount
  /** What is to be paid, Pesaflow's commission included. */
  expectedCents: ReadAmount
  /** `undefined` while nothing is paid, and where the answer names no time that can be read. */
  paidAt: Date | undefined
  /** The payments, where the answer names them: it was never seen to. Receipts come with the notification. */
  instalments: Instalment[]
  raw: string
}

/** What a question learnt. Only `status` is knowledge; `none` must never be read as an unpaid bill. */
export type StatusAnswer =
  | ({ kind: 'status' } & BillStatus)
  | {
      kind: 'none'
      /** `not_found`: no such bill, or not yet. `refused` and `unknown`: the question itself failed. */
      reason: 'not_found' | 'refused' | 'unknown'
      code: string
      message: string
      raw: string | undefined
    }

/**
 * Asks what became of a bill (`GET /api/invoice/payment/status`), by Pesaflow's number or your own reference. Never throws,
 * and is safe to repeat. Asked without an access token, which the test environment does not want; again with one where
 * Pesaflow answers 401.
 *
 * @example
 * const answer = await paymentStatus(pesaflow, 'GWLQKD')
 * if (answer.kind === 'status') paymentState(answer, { amountCents: 10500, currency: 'KES' })
 */
export async function paymentStatus(pesaflow: Pesaflow, refNo: string): Promise<StatusAnswer> {
  const reply = await askStatus(pesaflow, refNo)
  const outcome = judge(reply, (json) => readStatus(json, refNo))
  if (outcome.kind === 'accepted') return { ...outcome, kind: 'status' }
  if (outcome.kind === 'unknown')
    return { kind: 'none', reason: 'unknown', code: outcome.cause, message: outcome.message, raw: outcome.raw }
  const reason = outcome.status === 404 ? 'not_found' : 'refused'
  return { kind: 'none', reason, code: outcome.code, message: outcome.message, raw: outcome.raw }
}

async function askStatus(pesaflow: Pesaflow, refNo: string): Promise<Reply> {
  const query = new URLSearchParams({
    api_client_id: pesaflow.apiClientId,
    ref_no: refNo,
    secure_hash: await statusHash(pesaflow, refNo),
  })
  const request = { method: 'GET', path: `/api/invoice/payment/status?${query}` } as const
  const reply = await send(pesaflow, request)
  return reply.kind === 'answer' && reply.status === 401 ? sendWithToken(pesaflow, request) : reply
}

function readStatus(json: JsonObject, asked: string): Omit<BillStatus, 'raw'> | undefined {
  const status = asText(json['status'])
  const [refNo, reference] = [asText(json['ref_no']), asText(json['client_invoice_ref'])]
  // An answer about another bill would be believed of this one.
  if (status === undefined || (refNo !== asked && reference !== asked)) return undefined
  const instalments = readInstalments(json['payment_reference'])
  return {
    status,
    refNo,
    reference,
    payerName: asText(json['name']),
    currency: asText(json['currency']),
    paidCents: readAmount(json['amount_paid']),
    expectedCents: readAmount(json['amount_expected']),
    paidAt: lastPaidAt(instalments) ?? parseTime(json['payment_date']),
    instalments,
  }
}
