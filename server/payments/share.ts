import type { Context } from '../context.ts'
import { again } from '../database/collision.ts'
import { sql } from '../database/sql.ts'
import { showing, withReason, withoutReasons } from '../evidence/attention.ts'
import { shareOut } from '../invoices/share.ts'
import type { Share } from '../invoices/share.ts'
import { Problem } from '../problem.ts'
import type { Payment } from './payment.ts'

/**
 * Puts of a completed payment to invoices what each of them is to have. What is then put to none is its payer's credit, and shown
 * to a person. Safe to repeat. @throws a Problem where there is not as much.
 */
export function sharePayment(
  context: Context,
  { merchant_id, id }: Pick<Payment, 'merchant_id' | 'id'>,
  shares: Share[],
): Promise<void> {
  const now = context.clock.now()
  return again(context, () =>
    context.database.transaction(async (transaction) => {
      const payment = await transaction.one<Payment>(
        sql`select * from payments where merchant_id = ${merchant_id} and id = ${id} for update`,
      )
      if (payment.status !== 'completed')
        throw new Problem(
          'conflict',
          'This money went back to its payer, so that nothing is left to put to an invoice.',
        )
      const available_cents = payment.amount_cents - payment.refunded_cents - payment.reserved_cents
      const shared = { merchant_id, payment_id: id, available_cents, allocated_cents: payment.allocated_cents }
      const allocated_cents = await shareOut(context, transaction, shared, shares)
      const left = sql`'credit_left'`
      const reasons =
        allocated_cents < available_cents ? withReason('p', left) : withoutReasons(sql`p.needs_attention`, [left])
      await transaction.query(sql`
        update payments p set allocated_cents = ${allocated_cents} where merchant_id = ${merchant_id} and id = ${id}`)
      await transaction.query(
        sql`update payments p ${showing('p', reasons, now)} where merchant_id = ${merchant_id} and id = ${id}`,
      )
    }),
  )
}
