import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { everywhere } from '../database/everywhere.ts'
import { always } from '../database/horizon.ts'
import { sql } from '../database/sql.ts'
import { pauseMs } from '../evidence/intervals.ts'
import { newId } from '../id.ts'
import { accountOf } from '../accounts/find.ts'
import { Problem } from '../problem.ts'
import { providerOf } from '../providers/provider-of.ts'
import { confirmTold } from './confirm.ts'
import type { PaymentEvidence } from './evidence.ts'
import type { Payment } from './payment.ts'
import { seekReceipt } from './seek.ts'
import { requestPaymentAgain } from './request.ts'
import { settlePayment, settlePayments } from './settle.ts'
import type { PaymentEffect } from './effect.ts'
import { nextCheckAt, windowEnd } from './window.ts'

const leaseMs = 120_000
const batchSize = 50
const atOnce = 8

/** Asks about the payments that are due. */
export const checkPayments: Sweep = {
  name: 'checks',
  everyMs: 5_000,
  queue: { table: 'payments', column: 'check_at' },
  async run(context, since = always) {
    const payments = await claimDue(context, since)
    return eachDue(context, payments, { table: 'payments', atOnce }, (payment) => checkPayment(context, payment))
  },
}

/**
 * Asks the provider what became of a payment, now, because a person wants to know.
 * @throws a Problem when it was asked less than 10 seconds ago.
 */
export async function checkNow(context: Context, { merchant_id, id }: Payment): Promise<PaymentEffect> {
  const now = context.clock.now()
  const payment = await context.database.maybe<Payment>(sql`
    update payments set checked_at = ${now}, checks = checks + 1
    where merchant_id = ${merchant_id} and id = ${id} and (checked_at is null or checked_at <= ${later(now, -pauseMs)})
    returning *`)
  if (!payment)
    throw new Problem(
      'check_too_soon',
      'This payment was checked less than 10 seconds ago. Wait a little and ask again.',
    )
  if (payment.status === 'completed' && payment.receipt_due_at !== null) return seekReceipt(context, payment)
  return payment.requested_at ? checkPayment(context, payment) : 'informed'
}

async function claimDue(context: Context, since: Date): Promise<Payment[]> {
  const now = context.clock.now()
  return everywhere<Payment>(
    context.database,
    sql.named`
    with due as (select merchant_id, id from payments where check_at between ${since} and ${now} order by check_at limit ${batchSize})
    update payments p set check_at = ${later(now, leaseMs)}, checked_at = ${now}, checks = p.checks + 1
    from due where p.merchant_id = due.merchant_id and p.id = due.id and p.check_at <= ${now} -- Asked again: another node may have been faster.
    returning p.*`,
  )
}

/** Asks the provider, and settles what it says. What nobody knows to have arrived there is asked for again, where that is safe. */
async function checkPayment(context: Context, payment: Payment): Promise<PaymentEffect> {
  const { requestAgain } = providerOf(context, payment).payments
  const { told, ...learnt } = await ask(context, payment)
  const at = context.clock.now()
  const isOver = at >= windowEnd(context, payment)
  const mayAskAgain = payment.provider_ref !== null || requestAgain !== undefined
  const answer: PaymentEvidence = {
    check_at: mayAskAgain && !isOver ? nextCheckAt(context, payment, at) : windowEnd(context, payment),
    ...learnt,
    ...(isOver && learnt.verdict === null && payment.requested_at && overdue(context, payment, learnt)),
    id: newId(at),
    merchant_id: payment.merchant_id,
    payment_id: payment.id,
    at,
  }
  const effect = await settleAnswer(context, told, answer)
  if (
    requestAgain &&
    isLost(payment) &&
    learnt.source === 'query' &&
    learnt.verdict === null &&
    !isOver &&
    !learnt.paid_total_cents
  )
    await requestPaymentAgain(context, payment)
  return effect
}

/** What came of an answer: what its receipts did, or else what it says itself. */
async function settleAnswer(
  context: Context,
  told: PaymentEvidence[],
  answer: PaymentEvidence,
): Promise<PaymentEffect> {
  if (told.length === 0) return settlePayment(context, answer)
  // What the payer was to pay must be known before it can be told whether they have.
  if (answer.commission_cents !== undefined) {
    const { merchant_id, payment_id, source, at, provider_ref, commission_cents } = answer
    const learnt = { id: newId(at), merchant_id, payment_id, source, at, provider_ref, commission_cents }
    await settlePayment(context, {
      ...learnt,
      verdict: null,
      message: 'The provider knows it, and what it takes on top.',
    })
  }
  const effects = await settlePayments(context, [...told, answer])
  return effects.findLast((effect) => effect !== 'informed') ?? 'informed'
}

/** True for a payment that the payer cannot pay, for nobody knows where. */
function isLost({ status, provider_ref, provider_checkout_url }: Payment): boolean {
  return (status === 'created' || status === 'pending') && (!provider_ref || !provider_checkout_url)
}

/** Nothing more will be heard: nobody has paid, or nobody knows. */
function overdue(context: Context, payment: Payment, { is_open }: { is_open?: boolean }) {
  const { over } = providerOf(context, payment).payments.window
  return is_open
    ? ({ verdict: 'failure', failure_code: 'expired', message: 'Nobody paid while it could be paid.' } as const)
    : ({ verdict: 'failure', failure_code: 'no_evidence', message: over } as const)
}

type Answer = Pick<PaymentEvidence, 'source' | 'verdict'> &
  Partial<PaymentEvidence> & { is_open?: boolean; told: PaymentEvidence[] }

async function ask(context: Context, payment: Payment): Promise<Answer> {
  if (!payment.requested_at) {
    return {
      source: 'operator',
      verdict: 'failure',
      failure_code: 'expired',
      message: 'Nobody used the checkout for 24 hours. Nothing was sent to a phone.',
      told: [],
    }
  }
  if (payment.provider_outcome === null) {
    return {
      source: 'ack',
      verdict: null,
      provider_outcome: 'unknown',
      message: 'The outcome of the request was never stored; it may have reached the payer.',
      told: [],
    }
  }
  const { raw, ...finding } = await providerOf(context, payment).payments.check(
    context,
    await accountOf(context, payment),
    payment,
  )
  const told = await confirmTold(context, payment, finding)
  return { source: 'query', ...finding, raw: raw === undefined ? undefined : Buffer.from(raw), told }
}
