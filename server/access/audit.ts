import type { Context } from '../context.ts'
import { columns } from '../database/columns.ts'
import { newId } from '../id.ts'
import { sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'

/** Who did what, to which object. */
export type Audited = { merchant_id: string; action: string; subject?: string; details?: Record<string, unknown> }

/** A row of `audit_log`, which is only ever added to. */
export type AuditRow = {
  merchant_id: string
  id: string
  at: Date
  actor: string
  action: string
  subject: string | null
  details: Record<string, unknown>
}

/** Writes one line of the audit log, in the transaction of what it tells. Never put a secret into `details`. */
export async function writeAudit(
  queryable: Queryable,
  context: Context,
  { merchant_id, action, subject, details = {} }: Audited,
): Promise<void> {
  const now = context.clock.now()
  await queryable.query(sql`
    insert into audit_log ${columns<AuditRow>({
      merchant_id,
      id: newId(now),
      at: now,
      actor: context.actor,
      action,
      subject,
      details: JSON.stringify(details),
    })}`)
}
