import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'

/** Makes what one payment put to invoices that of another, in the transaction that has locked both. The invoices have what they had. */
export async function handOver(
  { clock }: Pick<Context, 'clock'>,
  transaction: Transaction,
  { merchant_id, from_id, to_id }: { merchant_id: string; from_id: string; to_id: string },
): Promise<void> {
  await transaction.query(sql`
    update allocations set payment_id = ${to_id}, updated_at = ${clock.now()}
    where merchant_id = ${merchant_id} and payment_id = ${from_id}`)
}
