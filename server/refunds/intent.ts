import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Queryable, Transaction } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { claimKey } from '../api/idempotency.ts'
import type { Repeatable } from '../api/idempotency.ts'
import type { Account } from '../accounts/account.ts'
import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import { toShillings } from '../money.ts'
import type { Payment } from '../payments/payment.ts'
import { Problem } from '../problem.ts'
import { outcomeDueAt } from '../evidence/intervals.ts'
import { leftOf, refuseUnrefundable } from './refusal.ts'
import type { Refund } from './refund.ts'

/** What a merchant asks for. Without an amount all that is left of the payment goes back. */
export type RefundInput = {
  merchant_id: string
  mode: Mode
  payment_id: string
  amount_cents?: number
  reason?: string
  origin?: 'api' | 'dashboard'
  /** The caller's Idempotency-Key. */
  idempotency?: Repeatable
}

/** A refund that is about to be made, of which payment and through whose account. */
export type RefundIntent = { input: RefundInput; payment: Payment; account: Account }

/**
 * Reserves the amount on its payment, and makes the refund. Undefined when a request with the same key was there before.
 * @throws a Problem for what cannot be refunded.
 */
export async function commitIntent(
  context: Context,
  transaction: Transaction,
  { input, payment, account }: RefundIntent,
): Promise<Refund | undefined> {
  const claim = await claimRefund(context, transaction, input.idempotency)
  if (!claim) return undefined
  const amount_cents = input.amount_cents ?? leftOf(payment)
  refuseUnrefundable(context, { payment, account, amount_cents })
  const reserved = await reserve(transaction, payment, { amount_cents, now: claim.now })
  if (!reserved) {
    refuseUnrefundable(context, { payment: await readAgain(transaction, payment), account, amount_cents })
    throw new Problem('conflict', 'The payment changed at this very moment. Ask again.', 'payment_id')
  }
  const { provider_account_id, provider, environment, provider_receipt } = reserved
  const of = { provider_account_id, provider, environment, payment_receipt: provider_receipt!, of_money: false }
  return insertRefund(context, transaction, { ...claim, input, of: { ...of, payment_id: payment.id }, amount_cents })
}

/** The id of a refund that is about to be made, and when. */
type ClaimedRefund = { id: string; now: Date }

/** Claims a caller's key for a new refund. Undefined when a request with this key was there before. */
export async function claimRefund(
  { clock }: Context,
  transaction: Transaction,
  idempotency: Repeatable | undefined,
): Promise<ClaimedRefund | undefined> {
  const now = clock.now()
  const id = newId(now)
  if (!idempotency) return { id, now }
  return (await claimKey(transaction, { ...idempotency, object_id: id, created_at: now })) ? { id, now } : undefined
}

type NewRefund = ClaimedRefund & {
  input: Pick<RefundInput, 'merchant_id' | 'reason' | 'origin' | 'idempotency'>
  /** What goes back: a payment, or money that is nobody's. */
  of: Pick<Refund, 'payment_id' | 'of_money' | 'payment_receipt' | 'provider_account_id' | 'provider' | 'environment'>
  amount_cents: number
}

/** Makes a refund whose amount is reserved, with its line of the audit log. */
export async function insertRefund(
  context: Context,
  transaction: Transaction,
  { id, now, input, of, amount_cents }: NewRefund,
): Promise<Refund> {
  const { merchant_id, reason, origin = 'api', idempotency } = input
  const whose = of.payment_id ? { payment_id: showId('pay', of.payment_id) } : { receipt: of.payment_receipt }
  await writeAudit(transaction, context, {
    merchant_id,
    action: 'refund.created',
    subject: showId('ref', id),
    details: { ...whose, amount: toShillings(amount_cents) },
  })
  return transaction.one<Refund>(sql`
    insert into refunds ${oneRow<Partial<Refund>>({
      ...of,
      merchant_id,
      id,
      origin,
      status: 'created',
      amount_cents,
      reason,
      idempotency_key: idempotency?.key,
      created_at: now,
      updated_at: now,
      check_at: outcomeDueAt(now),
    })}
    returning *`)
}

/** Puts an amount aside on its payment. One guarded statement: never more than was received, however many ask at once. */
function reserve(
  transaction: Transaction,
  { merchant_id, id }: Payment,
  { amount_cents, now }: { amount_cents: number; now: Date },
): Promise<Payment | undefined> {
  return transaction.maybe<Payment>(sql`
    update payments p set reserved_cents = reserved_cents + ${amount_cents}, updated_at = ${now}
    where merchant_id = ${merchant_id} and id = ${id} and status = 'completed' and provider_receipt is not null
      and refunded_cents + reserved_cents + ${amount_cents} + (${goingBack}) <= received_cents
    returning *`)
}

// What was on its way back before the money found its payment. It stays reserved on the money.
const goingBack = sql`select coalesce(sum(r.amount_cents), 0) from refunds r where r.merchant_id = p.merchant_id
  and r.payment_receipt = p.provider_receipt and r.provider = p.provider and r.environment = p.environment
  and r.of_money and r.status in ('created', 'pending')`

/** The payment as it now is, with what is on its way back of its money. */
function readAgain(queryable: Queryable, { merchant_id, id }: Payment): Promise<Payment> {
  return queryable.one<Payment>(sql`
    select p.*, p.reserved_cents + (${goingBack}) as reserved_cents from payments p where merchant_id = ${merchant_id} and id = ${id}`)
}
