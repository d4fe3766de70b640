import type { Context } from '../context.ts'
import { columns } from '../database/columns.ts'
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
  const now = context.clock.now()
  const { merchant_id, reason, origin = 'api', idempotency } = input
  const id = newId(now)
  if (idempotency && !(await claimKey(transaction, { ...idempotency, object_id: id, created_at: now })))
    return undefined

  const amount_cents = input.amount_cents ?? leftOf(payment)
  refuseUnrefundable(context, { payment, account, amount_cents })
  const reserved = await reserve(transaction, payment, { amount_cents, now })
  if (!reserved) {
    refuseUnrefundable(context, { payment: await readAgain(transaction, payment), account, amount_cents })
    throw new Problem('conflict', 'The payment changed at this very moment. Ask again.', 'payment_id')
  }
  await writeAudit(transaction, context, {
    merchant_id,
    action: 'refund.created',
    subject: showId('ref', id),
    details: { payment_id: showId('pay', payment.id), amount: toShillings(amount_cents) },
  })
  return transaction.one<Refund>(sql`
    insert into refunds ${columns<Partial<Refund>>({
      merchant_id,
      id,
      payment_id: payment.id,
      provider_account_id: reserved.provider_account_id,
      provider: reserved.provider,
      environment: reserved.environment,
      origin,
      status: 'created',
      amount_cents,
      reason,
      idempotency_key: idempotency?.key,
      payment_receipt: reserved.provider_receipt,
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
    update payments set reserved_cents = reserved_cents + ${amount_cents}, updated_at = ${now}
    where merchant_id = ${merchant_id} and id = ${id} and status = 'completed' and provider_receipt is not null
      and refunded_cents + reserved_cents + ${amount_cents} <= received_cents
    returning *`)
}

function readAgain(queryable: Queryable, { merchant_id, id }: Payment): Promise<Payment> {
  return queryable.one<Payment>(sql`select * from payments where merchant_id = ${merchant_id} and id = ${id}`)
}
