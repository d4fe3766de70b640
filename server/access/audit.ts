import type { Context } from '../context.ts'
import { newId } from '../id.ts'
import { sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'

/** Who did what, to which object. */
export type Audited = { merchant_id: string; action: string; subject?: string; details?: Record<string, unknown> }

/** Writes one line of the audit log, in the transaction of what it tells. Never put a secret into `details`. */
export async function writeAudit(
  queryable: Queryable,
  context: Context,
  { merchant_id, action, subject, details = {} }: Audited,
): Promise<void> {
  const now = context.clock.now()
  await queryable.query(sql`
    insert into audit_log (merchant_id, id, at, actor, action, subject, details)
    values (${merchant_id}, ${newId(now)}, ${now}, ${context.actor}, ${action}, ${subject}, ${JSON.stringify(details)})`)
}
