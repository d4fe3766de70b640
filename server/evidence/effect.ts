import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { attentionBy, withReason, withoutReasons } from './attention.ts'
import type { Noun } from './evidence.ts'

/** In SQL: what evidence does to a row; by that, why a person must look at the row, if so; and what they need no longer look for. */
type Decision = { effect: Sql; reason: Sql; over: Sql[] }

/**
 * Decides in an update what evidence does, for each row once: `offset 0` keeps PostgreSQL from computing it anew for each column.
 * It is decided there, from the target's own columns, because under READ COMMITTED only these are read again after waiting for
 * another node, while whatever is read beside them may be stale.
 */
export function decided(row: 'p' | 'r', { effect, reason, over }: Decision): Sql {
  const reasons = withoutReasons(withReason(row, sql`reason`), over)
  return sql`from (
    select effect, case when reason is not null or ${raw(row)}.needs_attention is not null then ${reasons} end as reasons
    from (select effect, ${reason} as reason from (select ${effect} offset 0) as first (effect) offset 0) as second offset 0
  ) as decided`
}

/** What shows the row to a person, as columns of the update that `decided` stands in. */
export function attention(row: 'p' | 'r') {
  return attentionBy(row, sql`reasons`, sql`f.at`)
}

/** What the fact `f` did, where `s` is what it settled. What repeats another only informs. */
export function effectOn(noun: Noun): Sql {
  return sql`case when f.leads then coalesce(s.last_effect, ${raw(`'no_${noun}'`)}) else 'informed' end`
}
