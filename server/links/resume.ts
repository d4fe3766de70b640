import { writeAudit } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { showId } from '../id.ts'
import { findLink } from './find.ts'
import type { LinkName } from './find.ts'
import type { Link } from './link.ts'

/** Lets payments begin again at a link that was ended, at the same address and by the same QR code. Safe to repeat. */
export async function resumeLink(context: Context, name: LinkName): Promise<Link> {
  const { merchant_id, id } = await findLink(context, name)
  const now = context.clock.now()
  await context.database.transaction(async (transaction) => {
    const resumed = await transaction.maybe(sql`
      update payment_links set ended_at = null, updated_at = ${now}
      where merchant_id = ${merchant_id} and id = ${id} and ended_at is not null returning 1`)
    if (resumed)
      await writeAudit(transaction, context, {
        merchant_id,
        action: 'payment_link.resumed',
        subject: showId('lnk', id),
      })
  })
  return findLink(context, name)
}
