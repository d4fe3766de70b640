import { accountOfCaller, refuseEnded } from '../accounts/named.ts'
import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import { claimKey, repeated } from '../api/idempotency.ts'
import type { Creation, Repeatable } from '../api/idempotency.ts'
import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import type { ProviderName } from '../providers/names.ts'
import { providerOf } from '../providers/provider-of.ts'
import { findLink } from './find.ts'
import type { Link } from './link.ts'

/** What a merchant wants a page for. Without an amount its payers write how much. */
export type LinkInput = {
  merchant_id: string
  mode: Mode
  provider: ProviderName
  account?: string
  name: string
  amount_cents?: number
  max_uses?: number
  metadata?: Record<string, unknown>
  return_url?: string
  idempotency?: Repeatable
}

/** Makes a page at which anybody pays, any number of times or so many. @throws a Problem for what cannot be paid. */
export async function createLink(context: Context, input: LinkInput): Promise<Creation<Link>> {
  const { merchant_id, amount_cents, idempotency } = input
  const account = await accountOfCaller(context, input, input)
  refuseEnded(account)
  if (amount_cents !== undefined) providerOf(context, account).payments.refuse({ amount_cents })
  const now = context.clock.now()
  const id = newId(now)
  const isNew = await context.database.transaction(async (transaction) => {
    if (idempotency && !(await claimKey(transaction, { ...idempotency, object_id: id, created_at: now }))) return false
    await transaction.query(sql`
      insert into payment_links ${oneRow<Omit<Link, 'uses' | 'uses_begun' | 'ended_at'>>({
        merchant_id,
        id,
        provider_account_id: account.id,
        provider: account.provider,
        environment: account.environment,
        name: input.name,
        amount_cents,
        uses_max: input.max_uses,
        metadata: JSON.stringify(input.metadata ?? {}),
        return_url: input.return_url,
        idempotency_key: idempotency?.key,
        created_at: now,
        updated_at: now,
      })}`)
    await writeAudit(transaction, context, {
      merchant_id,
      action: 'payment_link.created',
      subject: showId('lnk', id),
      details: { name: input.name },
    })
    return true
  })
  if (isNew) return { made: await findLink(context, { merchant_id, id }), isRepeat: false }
  return repeated(context, idempotency!, (first) => findLink(context, { merchant_id, id: first }))
}
