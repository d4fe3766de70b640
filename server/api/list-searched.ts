import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { allOf, listRows } from './list-rows.ts'
import type { Condition, Listing, Page } from './list-rows.ts'
import { having, sliced } from './search.ts'
import type { Place } from './search.ts'
import { isFoundBy, searchRows } from './search-rows.ts'
import type { Way } from './search-rows.ts'

/** What few rows may have: the fields of a filter that ask for it, and the ways to it where they are given. */
export type Sought = { by: string[]; ways: Way[] | false | '' | undefined }

/**
 * One page of the rows that meet all conditions, and have all that is sought of them, newest first. They are searched by the first
 * that is sought: let it be what fewest rows have.
 */
export function listSearched<Row extends { id: string }>(
  context: Context,
  listing: Listing<{ since?: Date; until?: Date }>,
  { from, where }: { from: Sql; where: Condition[] },
  sought: Sought[],
): Promise<Page<Row>> {
  const [first, ...others] = sought.flatMap(({ by, ways }) => (ways ? [{ by, ways }] : []))
  if (!first) return listRows<Row>(context, listing, { from, where })
  const met = others.map(({ ways }) => isFoundBy(ways))
  return searchRows<Row>(context, listing, { from, where: [...where, ...met], ...first })
}

/** Rows by their amount in cents. */
export function byAmount(
  place: Place,
  { min_amount, max_amount }: { min_amount?: number; max_amount?: number },
): Sought {
  const least = (column: Sql) => min_amount !== undefined && sql`${column} >= ${min_amount}`
  const most = (column: Sql) => max_amount !== undefined && sql`${column} <= ${max_amount}`
  const isAsked = min_amount !== undefined || max_amount !== undefined
  const asked = (column: Sql) => allOf([least(column), most(column)])
  return { by: ['min_amount', 'max_amount'], ways: isAsked && [having(sliced(place), asked)] }
}
