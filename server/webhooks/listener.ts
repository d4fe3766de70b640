import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'

/**
 * Until when whoever posts leaves a listener alone, and each of its deliveries: a listener fetches them. So a delivery is made and
 * waits as for any other endpoint, and nothing is lost between two fetches, in whatever order transactions commit.
 */
export const forEver = sql`'infinity'::timestamptz`

/** When a delivery to an endpoint `w` is due for whoever posts, if it were due at a time, in SQL. */
export function dueAt(at: Sql): Sql {
  return sql`case when w.machine is null then ${at} else ${forEver} end`
}
