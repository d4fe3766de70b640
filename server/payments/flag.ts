import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import type { Payment } from './payment.ts'

/** Shows payments to a person, with a word that says why. What they are shown for already stays. */
export async function flagPayments(
  context: Context,
  { merchant_id, ids, because }: { merchant_id: string; ids: string[]; because: string },
): Promise<void> {
  await context.database.query(sql`
    update payments set needs_attention = ${because}, updated_at = ${context.clock.now()}
    where merchant_id = ${merchant_id} and id = any (${ids}::uuid[]) and needs_attention is null`)
}

/** Shows payments to nobody any longer for this word, which has turned out not to be so. */
export async function unflagPayments(
  context: Context,
  { merchant_id, ids, because }: { merchant_id: string; ids: string[]; because: string },
): Promise<void> {
  if (ids.length === 0) return
  await context.database.query(sql`
    update payments set needs_attention = null, updated_at = ${context.clock.now()}
    where merchant_id = ${merchant_id} and id = any (${ids}::uuid[]) and needs_attention = ${because}`)
}

/** The payments of an account that were made and completed between two moments, and still have no receipt. */
export function findReceiptless(
  context: Context,
  { merchant_id, id, from, until }: { merchant_id: string; id: string; from: Date; until: Date },
): Promise<Payment[]> {
  return context.database.query<Payment>(sql`
    select * from payments where merchant_id = ${merchant_id} and provider_account_id = ${id} and id >= ${firstIdOf(from)}
      and status = 'completed' and provider_receipt is null and completed_at <= ${until} order by id`)
}
