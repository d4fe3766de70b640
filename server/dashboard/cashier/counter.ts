import { listAudit } from '../../access/audit.ts'
import type { Context } from '../../context.ts'
import { later } from '../../clock.ts'
import { sql } from '../../database/sql.ts'
import { firstIdOf, showId } from '../../id.ts'
import { findCandidatesOf, listMoney } from '../../money-in/find.ts'
import type { MoneyIn } from '../../money-in/money-in.ts'
import { findPayments } from '../../payments/find.ts'
import type { Payment } from '../../payments/payment.ts'
import { watchPayment } from '../../payments/watch.ts'
import { checkStatus } from '../../questions/ask-status.ts'
import { Problem } from '../../problem.ts'
import { namesOf } from '../../people/names.ts'
import { accountChosen, accountsOf, accountsThat } from '../accounts.ts'
import { environmentOf } from '../may.ts'
import type { SignedIn } from '../signed-in.ts'

/** Whose counter it is, and of which money. */
export type Counter = { context: Context; signedIn: SignedIn }

/** Money that came, and what it is for, where that is known. */
export type Came = { money: MoneyIn; payment: Payment | undefined }

/** What a code that a customer shows turns out to be. */
export type CodeAnswer =
  | { kind: 'free'; came: Came }
  | { kind: 'used'; came: Came; by: string | undefined }
  | { kind: 'returned'; came: Came }
  /** M-Pesa was asked a moment ago, and has not answered. */
  | { kind: 'asked' }
  | { kind: 'unknown' }
  /** It is not in the books, and M-Pesa cannot be asked here. */
  | { kind: 'unaskable'; because: string }

const shown = 15
const asksShown = 5
const askedMs = 15 * 60_000
/** A paid prompt stays in sight for a moment, so that one sees that it was this one. */
const paidMs = 2 * 60_000
const answerMs = 40_000
const againMs = 60_000

/** By what the payments are known that somebody asked for at the counter. */
export function askKey({ user }: SignedIn, once: string): string {
  return `counter:${showId('usr', user.id)}:${once}`
}

/** The money that came last, by any way; or that of a search. */
export async function findCame({ context, signedIn }: Counter, search: string): Promise<Came[]> {
  const { merchant, mode } = signedIn
  const { rows } = await listMoney(context, {
    merchant_id: merchant.id,
    mode,
    limit: shown,
    filter: { ...environmentOf(signedIn), ...(search && { search }) },
  })
  return withPayments(context, rows)
}

async function withPayments(context: Context, list: MoneyIn[]): Promise<Came[]> {
  return Promise.all(
    list.map(async (money) => ({
      money,
      payment: money.payment_id
        ? await context.gather(findPayments, { merchant_id: money.merchant_id, id: money.payment_id })
        : undefined,
    })),
  )
}

/** The phones that this person asked just now: those that ring, those that did not pay, and those that have paid this moment. */
export async function findAsks({ context, signedIn }: Counter): Promise<Payment[]> {
  const now = context.clock.now()
  const asks = await context.database.query<Payment>(sql`
    select p.* from payments p where merchant_id = ${signedIn.merchant.id} and id >= ${firstIdOf(later(now, -askedMs))}
      and idempotency_key like ${`${askKey(signedIn, '').replaceAll('_', '\\_')}%`}
      and (environment = 'live') = ${signedIn.mode === 'live'}
      and (status in ('created', 'pending', 'failed') or completed_at > ${later(now, -paidMs)})
      and not exists (select from payments o where o.merchant_id = p.merchant_id and o.retry_of = p.id)
    order by id desc limit ${asksShown}`)
  for (const payment of asks) await watchPayment(context, payment)
  return asks
}

/** The payments of this very amount that money could be meant for. */
export async function findMeant({ context, signedIn }: Counter, money: MoneyIn): Promise<Payment[]> {
  const { merchant } = signedIn
  const [named, open] = await Promise.all([
    findCandidatesOf(context, { merchant_id: merchant.id, ids: [money.id] }),
    context.database.query<Payment>(sql`
      select * from payments where merchant_id = ${merchant.id} and id >= ${firstIdOf(later(money.created_at, -24 * 3_600_000))}
        and environment = ${money.environment} and amount_cents + commission_cents = ${money.amount_cents}
        and status in ('created', 'pending', 'failed') order by id desc limit 5`),
  ])
  return [...new Map([...(named.get(money.id) ?? []), ...open].map((payment) => [payment.id, payment])).values()].slice(
    0,
    5,
  )
}

/** What is known of a code that a customer shows. `askedAt` is when M-Pesa was asked about it, if it was. */
export async function judgeCode(counter: Counter, code: string, askedAt: Date | undefined): Promise<CodeAnswer> {
  const { context, signedIn } = counter
  const { merchant, mode } = signedIn
  const { rows } = await listMoney(context, {
    merchant_id: merchant.id,
    mode,
    limit: 1,
    filter: { ...environmentOf(signedIn), receipt: code },
  })
  const [came] = await withPayments(context, rows)
  if (came) return judgeMoney(counter, came)
  if (askedAt && (await isStillAsked(context, merchant.id, askedAt))) return { kind: 'asked' }
  return { kind: 'unknown' }
}

async function judgeMoney({ context, signedIn }: Counter, came: Came): Promise<CodeAnswer> {
  const { money } = came
  if (money.reversed_at || money.reserved_cents > 0) return { kind: 'returned', came }
  if (!money.payment_id) return { kind: 'free', came }
  const filter = { action: 'money.assigned', subject: money.receipt }
  const { rows } = await listAudit(context, { merchant_id: signedIn.merchant.id, filter, limit: 1 })
  const actor = rows[0]?.actor
  return { kind: 'used', came, by: actor && (await namesOf(context, [actor]))(actor) }
}

/** True while M-Pesa may still answer: not for long, and not once it has said of a code that it knows none. */
async function isStillAsked({ clock, database }: Context, merchant_id: string, askedAt: Date): Promise<boolean> {
  if (clock.now() >= later(askedAt, answerMs)) return false
  const refusals = await database.query(sql`
    select 1 from callbacks where merchant_id = ${merchant_id} and id >= ${firstIdOf(askedAt)} and kind = 'status' and problem is not null limit 1`)
  return refusals.length === 0
}

/**
 * Asks M-Pesa about a code that is not in the books, once a minute at most; answers since when it is being asked.
 * @throws a Problem where M-Pesa cannot be asked.
 */
export async function askAboutCode({ context, signedIn }: Counter, code: string): Promise<Date> {
  const { merchant, mode } = signedIn
  const whose = { merchant_id: merchant.id, mode }
  const now = context.clock.now()
  const filter = { action: 'receipt.checked', subject: code, since: later(now, -againMs) }
  const { rows } = await listAudit(context, { merchant_id: merchant.id, filter, limit: 1 })
  if (rows[0]) return rows[0].at
  const accounts = accountsThat(context, await accountsOf(context, whose), ({ statuses }) => statuses !== undefined)
  await checkStatus(context, { ...whose, receipt: code, account: accountChosen(accounts, undefined).id })
  return now
}

/** Why M-Pesa cannot be asked, in words for the counter. @throws what is no such reason. */
export function whyUnaskable(error: unknown): string {
  if (!(error instanceof Problem) || error.status >= 500) throw error
  return error.code === 'operator_required'
    ? 'M-Pesa can only be asked once an API operator is set for this account.'
    : error.said
}
