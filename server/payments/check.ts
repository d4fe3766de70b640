import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import type { Sweep } from '../database/due.ts'
import { concurrently } from '../database/concurrently.ts'
import { sql } from '../database/sql.ts'
import { firstCheckMs, pauseMs, windowMs } from '../evidence/intervals.ts'
import { newId } from '../id.ts'
import { accountOf } from '../accounts/find.ts'
import { Problem } from '../problem.ts'
import { providerOf } from '../providers/provider-of.ts'
import type { PaymentEvidence } from './evidence.ts'
import type { Payment } from './payment.ts'
import { seekReceipt } from './seek.ts'
import { settlePayment } from './settle.ts'
import type { PaymentEffect } from './effect.ts'

const leaseMs = 120_000
const batchSize = 50
const atOnce = 8

/** The end of the provider's window, after which a payment without a verdict fails as `no_evidence`. */
export function windowEnd({ requested_at, created_at }: Pick<Payment, 'requested_at' | 'created_at'>): Date {
  return later(requested_at ?? created_at, windowMs)
}

/** The next check: each gap is half of the time gone by, so that 48 hours take some twenty checks. */
function nextCheckAt(payment: Pick<Payment, 'requested_at' | 'created_at'>, now: Date): Date {
  const elapsedMs = now.getTime() - (payment.requested_at ?? payment.created_at).getTime()
  const next = later(now, Math.max(firstCheckMs, elapsedMs / 2))
  return next < windowEnd(payment) ? next : windowEnd(payment)
}

/** Asks about the payments that are due. */
export const checkPayments: Sweep = {
  name: 'checks',
  everyMs: 5_000,
  async run(context) {
    const payments = await claimDue(context)
    await concurrently(payments, atOnce, (payment) => checkPayment(context, payment))
    return payments.length
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
  if (payment.status === 'completed' && payment.provider_receipt === null) return seekReceipt(context, payment)
  return payment.requested_at ? checkPayment(context, payment) : 'informed'
}

async function claimDue(context: Context): Promise<Payment[]> {
  const now = context.clock.now()
  return context.database.query<Payment>(sql`
    with due as (select merchant_id, id from payments where check_at <= ${now} order by check_at limit ${batchSize})
    update payments p set check_at = ${later(now, leaseMs)}, checked_at = ${now}, checks = p.checks + 1
    from due where p.merchant_id = due.merchant_id and p.id = due.id and p.check_at <= ${now} -- Asked again: another node may have been faster.
    returning p.*`)
}

async function checkPayment(context: Context, payment: Payment): Promise<PaymentEffect> {
  const learnt = await ask(context, payment)
  const at = context.clock.now()
  const isOver = at >= windowEnd(payment)
  return settlePayment(context, {
    check_at: payment.provider_ref && !isOver ? nextCheckAt(payment, at) : windowEnd(payment),
    ...learnt,
    ...(isOver && learnt.verdict === null && payment.requested_at && noEvidence),
    id: newId(at),
    merchant_id: payment.merchant_id,
    payment_id: payment.id,
    at,
  })
}

const noEvidence = {
  verdict: 'failure',
  failure_code: 'no_evidence',
  message: 'M-Pesa gave no verdict within 48 hours. Look for this payment in the M-Pesa statement.',
} as const

async function ask(
  context: Context,
  payment: Payment,
): Promise<Pick<PaymentEvidence, 'source' | 'verdict'> & Partial<PaymentEvidence>> {
  if (!payment.requested_at) {
    return {
      source: 'operator',
      verdict: 'failure',
      failure_code: 'expired',
      message: 'Nobody used the checkout for 24 hours. Nothing was sent to a phone.',
    }
  }
  if (payment.provider_outcome === null) {
    return {
      source: 'ack',
      verdict: null,
      provider_outcome: 'unknown',
      message: 'The outcome of the request was never stored; it may have reached the payer.',
    }
  }
  const { raw, ...finding } = await providerOf(context, payment).payments.check(
    context,
    await accountOf(context, payment),
    payment,
  )
  return { source: 'query', ...finding, raw: raw === undefined ? undefined : Buffer.from(raw) }
}
