import { isDoubted } from '../callbacks/arrival.ts'
import type { Arrival } from '../callbacks/arrival.ts'
import { storeCallbacks } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import type { Account } from '../accounts/account.ts'
import { disputeAmount } from '../money-in/dispute-amount.ts'
import { receiveMoney } from '../money-in/receive.ts'
import type { StatusAnswer } from '../providers/status.ts'
import { settleReversals } from '../refunds/reversals.ts'
import type { PaymentEvidence } from '../payments/evidence.ts'
import { findPayment } from '../payments/find.ts'
import type { Payment } from '../payments/payment.ts'
import { settlePayment } from '../payments/settle.ts'

/** Settles a payment by what the provider answered when asked about its receipt, or about its request. */
export async function learnStatusOfPayment(context: Context, arrival: Arrival, answer: StatusAnswer): Promise<void> {
  const { merchant_id, subject_id: payment_id, received_at: at, doubt } = arrival
  const payment = await findPayment(context, { merchant_id, id: payment_id })
  const effect = await settlePayment(context, {
    ...judge(payment, answer),
    id: arrival.id,
    merchant_id,
    payment_id,
    source: 'status',
    at,
    doubt,
    callback: arrival,
  })
  const { provider, environment, provider_receipt: receipt } = payment
  if (effect === 'informed' && answer.state === 'reversed' && receipt && answer.receipt === receipt)
    await settleReversals(context, [
      { merchant_id, provider, environment, receipt, at: answer.at ?? at, source: 'status', raw: arrival.body },
    ])
}

/** Money counts when it was completed, and came to our short code. That the question was answered says nothing. */
function hasCome(answer: StatusAnswer): answer is StatusAnswer & { receipt: string } {
  const { state, direction, receipt, amount_cents, amount_unreadable } = answer
  const tellsAmount = amount_cents !== undefined || amount_unreadable === true
  return state === 'completed' && direction === 'in' && receipt !== undefined && tellsAmount
}

function judge(payment: Payment, answer: StatusAnswer): Pick<PaymentEvidence, 'verdict'> & Partial<PaymentEvidence> {
  const { provider_code, message, receipt, amount_cents, amount_unreadable, at, request_id, state, failure_code } =
    answer
  const said = { provider_code, message }
  const isAnother = request_id && payment.merchant_request_id && request_id !== payment.merchant_request_id
  if (isAnother && receipt !== payment.provider_receipt) return { ...said, verdict: null, provider_ref: request_id }
  if (hasCome(answer)) return { ...said, verdict: 'success', receipt, amount_cents, amount_unreadable, paid_at: at }
  if (state === 'failed' && request_id && !isAnother) return { ...said, verdict: 'failure', failure_code }
  return { ...said, verdict: null }
}

/**
 * Takes in what the provider answered about a receipt that nobody knew. It settles the payment whose request it names; else, if
 * it proves money to our short code, it is money that no payment explains. Safe to repeat.
 */
export async function learnStatusOfMoney(
  context: Context,
  arrival: Arrival,
  account: Account,
  answer: StatusAnswer,
): Promise<void> {
  const cannotSettle = isDoubted(arrival, account.environment)
  if (!hasCome(answer) || cannotSettle) {
    const problem = cannotSettle
      ? 'It came from an address that is not Safaricom’s, or its signature is wrong.'
      : answer.message
    return storeCallbacks(context, [{ ...arrival, problem }])
  }
  const payment = await findByRequest(context, account, answer)
  if (payment) return learnStatusOfPayment(context, { ...arrival, subject_id: payment.id }, answer)
  const { id, provider, environment, merchant_id } = account
  const { amount_cents } = answer
  if (amount_cents === undefined) return storeCallbacks(context, [{ ...arrival, problem: unreadableAmount }])
  const { receipt, payer, at = arrival.received_at } = answer
  const { phone = null, phone_masked = null, name: payer_name = null } = payer ?? {}
  const name = { merchant_id, provider, environment, receipt }
  const [entered] = await receiveMoney(context, [
    {
      ...name,
      provider_account_id: id,
      amount_cents,
      kind: 'other',
      phone,
      phone_masked,
      phone_hash: null,
      payer_name,
      reference: null,
      paid_at: at,
      match_at: arrival.received_at,
      callback: arrival,
    },
  ])
  if (!entered) await disputeAmount(context, arrival, { ...name, amount_cents })
}

const unreadableAmount =
  'unreadable_amount: the answer tells an amount that cannot be read. The money is entered from the records of M-Pesa.'

const pushedBeforeMs = 24 * 3_600_000
const clockSlackMs = 3_600_000

// An id begins with the time at which it was made: a window of time is a range of the primary key.
function findByRequest(
  { database }: Context,
  { merchant_id, id }: Account,
  { request_id, initiated_at }: StatusAnswer,
): Promise<Payment | undefined> | undefined {
  if (!request_id || !initiated_at) return undefined
  return database.maybe<Payment>(sql`
    select * from payments where merchant_id = ${merchant_id} and merchant_request_id = ${request_id} and provider_account_id = ${id}
      and id >= ${firstIdOf(later(initiated_at, -pushedBeforeMs))} and id < ${firstIdOf(later(initiated_at, clockSlackMs))} limit 1`)
}
