import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { showing, withReason, withoutReasons } from '../evidence/attention.ts'
import { firstIdOf } from '../id.ts'
import type { Payment } from './payment.ts'

/** Shows payments to a person, with a word that says why, beside those for which they are shown already. */
export async function flagPayments(
  context: Context,
  { merchant_id, ids, because }: { merchant_id: string; ids: string[]; because: string },
): Promise<void> {
  await context.database.query(sql`
    update payments p ${showing('p', withReason('p', sql`${because}::text`), context.clock.now())}
    where p.merchant_id = ${merchant_id} and p.id = any (${ids}::uuid[])`)
}

/** Shows payments to nobody any longer for this word, which has turned out not to be so. */
export async function unflagPayments(
  context: Context,
  { merchant_id, ids, because }: { merchant_id: string; ids: string[]; because: string },
): Promise<void> {
  if (ids.length === 0) return
  await context.database.query(sql`
    update payments p ${showing('p', withoutReasons(sql`p.needs_attention`, [sql`${because}::text`]), context.clock.now())}
    where p.merchant_id = ${merchant_id} and p.id = any (${ids}::uuid[]) and ${because} = any (p.needs_attention)`)
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
