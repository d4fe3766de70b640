import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Prefix } from '../id.ts'

/** An id as the outside sees it, in SQL; null where there is none. */
export function shownId(prefix: Prefix, id: Sql): Sql {
  return sql`(${raw(`'${prefix}_'`)} || replace(${id}::text, '-', ''))`
}

/** A time as the outside sees it, in SQL. */
export function shownTime(at: Sql): Sql {
  return sql`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** Cents as the outside sees them, in SQL: shillings as a decimal string. */
export function shownShillings(cents: Sql): Sql {
  return sql`(${cents} / 100.0)::numeric(14, 2)::text`
}
