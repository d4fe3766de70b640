import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { firstIdOf, newId } from '../id.ts'
import { sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'

/** Who did what, to which object. */
export type Audited = {
  merchant_id: string
  action: string
  subject?: string
  details?: Record<string, unknown>
  /** True for what every owner is told by mail, seconds later. */
  isGrave?: boolean
}

/** A row of `audit_log`, which is only ever added to. */
export type AuditRow = {
  merchant_id: string
  id: string
  at: Date
  actor: string
  action: string
  subject: string | null
  details: Record<string, unknown>
  /** When the owners are to be told of it by mail. */
  mail_at: Date | null
}

/** Writes one line of the audit log, in the transaction of what it tells. Never put a secret into `details`. */
export async function writeAudit(
  queryable: Queryable,
  context: Context,
  { merchant_id, action, subject, details = {}, isGrave = false }: Audited,
): Promise<void> {
  const now = context.clock.now()
  await queryable.query(sql`
    insert into audit_log ${oneRow<AuditRow>({
      merchant_id,
      id: newId(now),
      at: now,
      actor: context.actor,
      action,
      subject,
      details: JSON.stringify(details),
      mail_at: isGrave ? now : null,
    })}`)
}

/** What a list of the audit log can be narrowed to. All given ones must hold. */
export type AuditFilter = {
  action?: string
  /** What the name of the action begins with. */
  kind?: string
  actor?: string
  subject?: string
  since?: Date
  until?: Date
}

/** A page of the audit log of a merchant, newest first, and whether another follows. */
export async function listAudit(
  { database }: Context,
  { merchant_id, filter, limit, before }: { merchant_id: string; filter: AuditFilter; limit: number; before?: string },
): Promise<{ rows: AuditRow[]; hasMore: boolean }> {
  const { action = null, kind = null, actor = null, subject = null, since, until } = filter
  const rows = await database.query<AuditRow>(sql`
    select * from audit_log where merchant_id = ${merchant_id} and id < ${before ?? lastId}
      and id >= ${firstIdOf(since ?? new Date(0))} and (${until === undefined} or id < ${firstIdOf(until ?? new Date(0))})
      and (${action}::text is null or action = ${action}) and (${kind}::text is null or starts_with(action, ${kind})) and (${actor}::text is null or actor = ${actor})
      and (${subject}::text is null or subject = ${subject})
    order by id desc limit ${limit + 1}`)
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit }
}

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
