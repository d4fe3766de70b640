import type { Context } from '../context.ts'
import { everywhere } from '../database/everywhere.ts'
import { later } from '../clock.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { sql } from '../database/sql.ts'
import { firstSeekMs, interval, windowMs } from '../evidence/intervals.ts'
import { showing, withReason } from '../evidence/attention.ts'
import { newId } from '../id.ts'
import { accountOf } from '../accounts/find.ts'
import { providerOf } from '../providers/provider-of.ts'
import type { PaymentFinding } from '../providers/finding.ts'
import type { Payment } from './payment.ts'
import { confirmTold } from './confirm.ts'
import { settlePayment, settlePayments } from './settle.ts'
import type { PaymentEffect } from './effect.ts'

const batchSize = 50
const atOnce = 8

/**
 * Seeks the receipts of payments that were completed without one, with growing gaps, in the end once a day: whatever names the
 * receipt first fills it in. After 48 hours the payment is shown to a person.
 */
export const seekReceipts: Sweep = {
  name: 'receipts',
  everyMs: 5_000,
  async run(context) {
    const payments = await claimDue(context)
    return eachDue(context, payments, { table: 'payments', atOnce }, (payment) => seekReceipt(context, payment))
  },
}

async function claimDue(context: Context): Promise<Payment[]> {
  const now = context.clock.now()
  const isLongAwaited = sql`case when p.status = 'completed' and p.completed_at <= ${later(now, -windowMs)} then 'receipt_awaited' end`
  return everywhere<Payment>(
    context.database,
    sql.named`
    with due as (select merchant_id, id from payments where receipt_due_at <= ${now} order by receipt_due_at limit ${batchSize})
    update payments p ${showing('p', withReason('p', isLongAwaited), now)},
      receipt_due_at = case when p.status = 'completed' then ${now}::timestamptz
        + least(interval '1 day', greatest(${interval(firstSeekMs)}, (${now}::timestamptz - p.completed_at) / 2)) end
    from due where p.merchant_id = due.merchant_id and p.id = due.id and p.receipt_due_at <= ${now} -- Asked again: another node may have been faster.
    returning p.*`,
  )
}

/**
 * Asks for the transaction of a payment's request, where the account has an API operator; the answer comes by callback. Without
 * one the receipt comes with the provider's records, or not at all.
 */
export async function seekReceipt(context: Context, payment: Payment): Promise<PaymentEffect> {
  const { merchant_id, id: payment_id, provider, merchant_request_id: request_id } = payment
  const { statuses, payments } = providerOf(context, { provider })
  const account = await accountOf(context, payment)
  if (!statuses) return seekInTotal(context, payment, await payments.check(context, account, payment))
  if (!request_id || !statuses.canAsk(account)) return 'informed'
  const subject = { kind: 'status', merchant_id, subject_id: payment_id } as const
  const { message, raw } = await statuses.ask(context, account, { subject, request_id })
  const at = context.clock.now()
  return settlePayment(context, {
    id: newId(at),
    merchant_id,
    payment_id,
    source: 'status',
    at,
    verdict: null,
    message: `Asked for the receipt: ${message}`,
    raw: raw === undefined ? undefined : Buffer.from(raw),
  })
}

/** Believes the receipts that were told of, where the provider confirms what was paid in all. */
async function seekInTotal(
  context: Context,
  payment: Payment,
  { message, raw, ...finding }: PaymentFinding,
): Promise<PaymentEffect> {
  const told = await confirmTold(context, payment, finding)
  const at = context.clock.now()
  const effects = await settlePayments(context, [
    ...told,
    {
      id: newId(at),
      merchant_id: payment.merchant_id,
      payment_id: payment.id,
      source: 'query',
      at,
      verdict: null,
      paid_total_cents: finding.paid_total_cents,
      message,
      raw: raw === undefined ? undefined : Buffer.from(raw),
    },
  ])
  return effects.findLast((effect) => effect !== 'informed') ?? 'informed'
}
