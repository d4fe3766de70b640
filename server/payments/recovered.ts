import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { EvidenceSource } from '../evidence/evidence.ts'

/** By receipt, what evidence of one source has done to payments since an id was made: completed them, or named their receipt. */
export async function findRecovered(
  context: Context,
  {
    merchant_id,
    payment_ids,
    source,
    since_id,
  }: { merchant_id: string; payment_ids: string[]; source: EvidenceSource; since_id: string },
): Promise<Map<string, 'completed' | 'receipt'>> {
  const rows = await context.database.query<{ receipt: string; effect: 'completed' | 'receipt' }>(sql`
    select receipt, effect from evidence
    where merchant_id = ${merchant_id} and subject_id = any (${payment_ids}::uuid[]) and id >= ${since_id}
      and source = ${source} and effect in ('completed', 'receipt') and receipt is not null`)
  return new Map(rows.map(({ receipt, effect }) => [receipt, effect]))
}
