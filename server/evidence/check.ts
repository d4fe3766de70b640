import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { everywhere } from '../database/everywhere.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { accountOf } from '../accounts/find.ts'
import type { ProviderName } from '../providers/names.ts'
import { providerOf } from '../providers/provider-of.ts'
import { showing, withReason } from './attention.ts'
import { firstCheckMs, hastened, interval, windowMs } from './intervals.ts'

const batchSize = 50

/** A request to a provider of which the outcome has not come, whatever it asks for. */
export type OpenRequest = {
  merchant_id: string
  id: string
  provider: ProviderName
  provider_account_id: string
  provider_outcome: 'accepted' | 'refused' | 'unknown' | null
  originator_conversation_id: string | null
}

/** Where one kind of request stands, since when it is open (SQL over a row `r`), and as what it is shown to a person. */
export type Claim = { table: 'refunds' | 'payouts'; since: Sql; unsettled: string }

/**
 * Claims the requests of one kind that are due to be asked about. The gaps between the questions grow, in the end to a day. Time
 * alone fails none of them: after 48 hours each is shown to a person, as unsettled.
 */
export async function claimDue<Row extends OpenRequest>(
  context: Context,
  { table, since, unsettled }: Claim,
): Promise<Row[]> {
  const now = context.clock.now()
  const rows = raw(table)
  return everywhere<Row>(
    context.database,
    sql.named`
    with due as (select merchant_id, id from ${rows} where check_at <= ${now} order by check_at limit ${batchSize})
    update ${rows} r ${showing('r', withReason('r', sql`case when ${since} <= ${later(now, -windowMs)} then ${unsettled} end`), now)},
      checked_at = ${now}, checks = r.checks + 1,
      check_at = ${now}::timestamptz + least(interval '1 day', greatest(${interval(firstCheckMs)}, (${now}::timestamptz - ${since}) / 2))
    from due where r.merchant_id = due.merchant_id and r.id = due.id and r.check_at <= ${now} -- Asked again: another node may have been faster.
    returning r.*`,
  )
}

/**
 * Makes the request of a conversation due to be asked about, because somebody without the power to settle it says that its
 * outcome is there.
 */
export async function hastenCheck(context: Context, table: Claim['table'], conversationId: string): Promise<void> {
  await everywhere(
    context.database,
    sql`
    update ${raw(table)} set check_at = ${hastened(context.clock.now())}
    where conversation_id = ${conversationId} and status in ('created', 'pending') and check_at is not null`,
  )
  context.signals.wake(table === 'refunds' ? 'refund checks' : 'payout checks')
}

/**
 * Asks the provider what became of a request, and answers what that taught for now: the answer itself comes by callback.
 * Undefined where nobody can be asked: a request without a known id lives by its own callback, and by statements.
 */
export async function askWhatBecame(context: Context, request: OpenRequest) {
  if (request.provider_outcome === null) return neverStored
  const { merchant_id, id, provider, originator_conversation_id: request_id } = request
  const account = await accountOf(context, request)
  const { statuses } = providerOf(context, { provider })
  if (!request_id || !statuses?.canAsk(account)) return undefined
  const { message, raw: body } = await statuses.ask(context, account, {
    subject: { kind: 'status', merchant_id, subject_id: id },
    request_id,
  })
  return {
    source: 'status',
    message: `Asked: ${message}`,
    raw: body === undefined ? undefined : Buffer.from(body),
  } as const
}

const neverStored = {
  source: 'ack',
  provider_outcome: 'unknown',
  message: 'The outcome of the request was never stored; it may have been carried out.',
} as const
