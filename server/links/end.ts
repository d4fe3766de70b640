import { writeAudit } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { showId } from '../id.ts'
import { findLink } from './find.ts'
import type { LinkName } from './find.ts'
import type { Link } from './link.ts'

/** Ends a payment link: nobody begins a payment there any longer. What is under way is still paid. Safe to repeat. */
export async function endLink(context: Context, name: LinkName): Promise<Link> {
  const { merchant_id, id } = await findLink(context, name)
  const now = context.clock.now()
  await context.database.transaction(async (transaction) => {
    const ended = await transaction.maybe(sql`
      update payment_links set ended_at = ${now}, updated_at = ${now}
      where merchant_id = ${merchant_id} and id = ${id} and ended_at is null returning 1`)
    if (ended)
      await writeAudit(transaction, context, {
        merchant_id,
        action: 'payment_link.ended',
        subject: showId('lnk', id),
      })
  })
  return findLink(context, name)
}
