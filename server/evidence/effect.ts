import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Noun } from './evidence.ts'

/**
 * Decides in an update what evidence does, for each row once: `offset 0` keeps PostgreSQL from computing it anew for each column.
 * It is decided there, from the target's own columns, because under READ COMMITTED only these are read again after waiting for
 * another node, while whatever is read beside them may be stale.
 */
export function decided(effect: Sql): Sql {
  return sql`from (select ${effect} offset 0) as decided (effect)`
}

/** What the fact `f` did, where `s` is what it settled. What repeats another only informs. */
export function effectOn(noun: Noun): Sql {
  return sql`case when f.leads then coalesce(s.last_effect, ${raw(`'no_${noun}'`)}) else 'informed' end`
}
