import { set } from '../database/columns.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'

/** What a row says of itself when a person must look at it: every reason, since when, and whether it was told. */
type NeedsAttention = { needs_attention: Sql; attention_since: Sql; attention_told: Sql }

/** The reasons of a row, in SQL, with one more: text, null for none. */
export function withReason(row: string, reason: Sql): Sql {
  const reasons = raw(`${row}.needs_attention`)
  return sql`case when ${reason} is null or ${reason} = any (${reasons}) then ${reasons} else array_append(coalesce(${reasons}, '{}'), ${reason}) end`
}

/** Reasons, in SQL, without some that no longer hold: each text, null for none. */
export function withoutReasons(reasons: Sql, over: Sql[]): Sql {
  const left = over.reduce((kept, reason) => sql`array_remove(${kept}, ${reason})`, reasons)
  return sql`nullif(${left}, '{}')`
}

/** The columns of an update of a row by the `reasons` that it now has. A reason that is new to it is still to be told. */
export function attentionBy(row: string, reasons: Sql, at: Sql): NeedsAttention {
  const [was, since, told] = ['needs_attention', 'attention_since', 'attention_told'].map((name) =>
    raw(`${row}.${name}`),
  )
  return {
    needs_attention: reasons,
    attention_since: sql`case when ${reasons} is not null then coalesce(${since!}, ${at}) end`,
    attention_told: sql`${told!} and coalesce(${reasons} <@ ${was!}, false)`,
  }
}

/** The columns of an update that does nothing else than to give a row these `reasons`. */
export function showing(row: string, reasons: Sql, at: Date): Sql {
  const time = sql`${at}::timestamptz`
  return set<NeedsAttention & { updated_at: Date }>(
    { ...attentionBy(row, sql`reasons`, time), updated_at: time },
    sql`from (select ${reasons} as reasons) as decided`,
  )
}
