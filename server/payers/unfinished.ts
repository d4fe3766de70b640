import { raw, sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'
import { showId } from '../id.ts'
import type { Prefix } from '../id.ts'
import type { Belongings, Payer } from './belongings.ts'

/** What still moves, or may have to go back. */
const open = [
  [
    'pay',
    'payments',
    `status in ('created', 'pending') or needs_attention is not null or reserved_cents > 0 or receipt_due_at is not null`,
  ],
  ['min', 'money_in', `payment_id is null and reversed_at is null`],
  ['ref', 'refunds', `status in ('created', 'pending') or needs_attention is not null`],
  ['pot', 'payouts', `status not in ('completed', 'failed', 'returned') or needs_attention is not null`],
  ['inv', 'invoices', `status in ('open', 'part_paid')`],
] as const satisfies [Prefix, keyof Belongings, string][]

/** The ids, as people see them, of what of a payer is not finished. */
export async function unfinishedOf(queryable: Queryable, { merchant_id }: Payer, of: Belongings): Promise<string[]> {
  const found: string[] = []
  for (const [prefix, table, condition] of open) {
    const rows = await queryable.query<{ id: string }>(sql`
      select id from ${raw(table)} where merchant_id = ${merchant_id} and id = any (${of[table]}::uuid[])
        and (${raw(condition)}) order by id`)
    found.push(...rows.map(({ id }) => showId(prefix, id)))
  }
  return found
}
