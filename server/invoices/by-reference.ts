import type { Context } from '../context.ts'
import { rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Environment } from '../providers/names.ts'
import { normalReference } from '../reference.ts'
import type { Invoice } from './invoice.ts'

/** A reference as a payer typed it, with money that came, or is about to, at a time. */
export type Typed = { merchant_id: string; environment: Environment; reference: string | null; paid_at: Date }

/**
 * For each, the invoices that have its reference, were there when it was paid, and are not paid yet. References are compared in
 * their normal form; where that makes several, the exact one wins.
 */
export async function findOwing(context: Context, typed: Typed[]): Promise<Invoice[][]> {
  const sought = typed.map(({ merchant_id, environment, reference, paid_at }, number) => ({
    number,
    merchant_id,
    environment,
    reference: reference?.trim() ?? null,
    reference_key: reference === null ? null : normalReference(reference),
    paid_at,
  }))
  const types = {
    number: 'int',
    merchant_id: 'uuid',
    environment: 'text',
    reference: 'text',
    reference_key: 'text',
    paid_at: 'timestamptz',
  } as const
  const found = await context.database.query<Invoice & { number: number }>(sql`
    select t.number, i.* from ${rows(sought, 't', types)}
    join invoices i on i.merchant_id = t.merchant_id and i.reference_key = t.reference_key and i.environment = t.environment
    where (t.reference_key <> '' or i.reference = t.reference) and i.status in ('open', 'part_paid')
      -- The provider's clock and ours are not one, and its times have no fractions of a second.
      and i.created_at <= t.paid_at + interval '60 seconds'`)
  const byNumber = Map.groupBy(found, ({ number }) => number)
  return sought.map(({ number, reference }) => {
    const alike = byNumber.get(number) ?? []
    const exact = alike.filter((invoice) => invoice.reference === reference)
    return exact.length > 0 ? exact : alike
  })
}
