import { writeAudit } from '../access/audit.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { showId } from '../id.ts'

const awayMsMax = 30 * 24 * 60 * 60 * 1000

/**
 * Disables listeners of which nothing was heard for 30 days, so that what nobody fetches is not kept for ever. One that comes back
 * is told what it has missed all the same. Answers how many.
 */
export async function forgetListeners(context: Context): Promise<number> {
  const now = context.clock.now()
  return context.database.transaction(async (transaction) => {
    const because = 'Nobody has listened for 30 days.'
    const forgotten = await transaction.query<{ merchant_id: string; id: string }>(sql`
      update webhook_endpoints set status = 'disabled', disabled_because = ${because}, paused_until = null, updated_at = ${now}
      where machine is not null and status = 'enabled' and deleted_at is null and heard_at < ${later(now, -awayMsMax)}
      returning merchant_id, id`)
    for (const { merchant_id, id } of forgotten) {
      const subject = showId('whe', id)
      await writeAudit(transaction, context, {
        merchant_id,
        action: 'webhook_endpoint.disabled',
        subject,
        details: { because },
      })
    }
    return forgotten.length
  })
}
