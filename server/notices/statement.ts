import { formatNairobi } from '@lango/daraja'
import type { Mode } from '../access/key.ts'
import { later } from '../clock.ts'
import { dayMs } from '../day.ts'
import type { Account } from '../accounts/account.ts'
import { placeOf } from '../accounts/place.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import { ofWhose } from './day.ts'
import type { Span } from './day.ts'
import { spanOfMonth } from './morning.ts'

/**
 * What moved, in cents: what came (`gross`), what M-Pesa's statements say that it took, what went back, and what was sent out, less
 * what came back of that.
 */
export type Moved = {
  count: number
  gross_cents: number
  charge_cents: number
  returned_cents: number
  sent_cents: number
}

/** A month of a business: each day on which something moved, and each account. */
export type Statement = {
  month: string
  mode: Mode
  days: (Moved & { day: Date })[]
  accounts: (Moved & { name: string; place: string })[]
  total: Moved
  /** What was left of the year before the month began, and at its end: net, less what was sent out. */
  opening_cents: number
  closing_cents: number
}

/** Adds up a month of Nairobi, `2026-11`, by when the money moved. */
export async function statementOf(
  context: Context,
  { merchant_id, mode, month }: { merchant_id: string; mode: Mode; month: string },
): Promise<Statement> {
  const { from, until } = spanOfMonth(month)
  const year = spanOfMonth(`${month.slice(0, 4)}-01`).from
  const [moved, before, accounts] = await Promise.all([
    movedIn(context, { merchant_id, mode, from, until }),
    movedIn(context, { merchant_id, mode, from: year, until: from }),
    accountsOf(context, { merchant_id, mode }),
  ])
  const total = sumOf(moved)
  const opening_cents = leftOf(sumOf(before))
  return {
    month,
    mode,
    days: [...Map.groupBy(moved, ({ day }) => day.getTime())]
      .sort(([one], [other]) => one - other)
      .map(([day, ofDay]) => ({ day: new Date(day), ...sumOf(ofDay) })),
    accounts: accounts
      .map(({ id, name, place }) => ({ name, place, ...sumOf(moved.filter(({ account_id }) => account_id === id)) }))
      .filter((one) => one.count > 0 || one.returned_cents > 0 || one.sent_cents !== 0 || one.charge_cents > 0),
    total,
    opening_cents,
    closing_cents: opening_cents + leftOf(total),
  }
}

/** What came, less what M-Pesa took and what went back. */
export function netOf({ gross_cents, charge_cents, returned_cents }: Moved): number {
  return gross_cents - charge_cents - returned_cents
}

function leftOf(moved: Moved): number {
  return netOf(moved) - moved.sent_cents
}

function sumOf(list: Moved[]): Moved {
  const total = (key: keyof Moved) => list.reduce((sum, one) => sum + one[key], 0)
  return {
    count: total('count'),
    gross_cents: total('gross_cents'),
    charge_cents: total('charge_cents'),
    returned_cents: total('returned_cents'),
    sent_cents: total('sent_cents'),
  }
}

type MovedOfDay = Moved & { account_id: string; day: Date }

/** What moved on each day at each account. Money is learnt of after it moved, and so is never older than its id says, but for clocks that differ. */
function movedIn({ database }: Context, span: Span): Promise<MovedOfDay[]> {
  const { merchant_id, from, until } = span
  if (from >= until) return Promise.resolve([])
  const within = sql`at >= ${from} and at < ${until}`
  return database.query<MovedOfDay>(sql`
    select account_id, date_bin('1 day', at, ${from}::timestamptz) as day, sum(count)::int as count, sum(gross)::bigint as gross_cents,
      sum(charge)::bigint as charge_cents, sum(returned)::bigint as returned_cents, sum(sent)::bigint as sent_cents
    from (
      select provider_account_id as account_id, coalesce(paid_at, created_at) as at, 1 as count, amount_cents as gross, 0 as charge, 0 as returned, 0 as sent
      from money_in where ${ofWhose(span)} and id >= ${firstIdOf(later(from, -dayMs))}
      union all
      select provider_account_id, completed_at, 0, 0, 0, amount_cents, 0 from refunds where ${ofWhose(span)} and status = 'completed'
      union all
      select provider_account_id, completed_at, 0, 0, 0, 0, amount_cents from payouts where ${ofWhose(span)} and status in ('completed', 'returned')
      union all
      select provider_account_id, returned_at, 0, 0, 0, 0, -amount_cents from payouts where ${ofWhose(span)} and status = 'returned'
      union all
      select provider_account_id, at, 0, 0, amount_cents, 0, 0 from (
        -- A statement that is loaded twice says the same twice.
        select distinct on (r.provider_account_id, i.receipt, i.at, i.amount_cents) r.provider_account_id, i.at, i.amount_cents
        from reconciliation_items i join reconciliation_runs r on r.merchant_id = i.merchant_id and r.id = i.run_id
          join (select id from provider_accounts where ${ofWhose(span)}) a on a.id = r.provider_account_id
        where i.merchant_id = ${merchant_id} and i.kind = 'charge' and i.direction = 'out') c
    ) as all_of_it
    where ${within} group by 1, 2`)
}

async function accountsOf({ database }: Context, span: Pick<Span, 'merchant_id' | 'mode'>) {
  const rows = await database.query<Pick<Account, 'id' | 'name' | 'provider' | 'type' | 'shortcode' | 'till'>>(sql`
    select id, name, provider, type, shortcode, till from provider_accounts where ${ofWhose(span)} order by is_default desc, name, id`)
  return rows.map((account) => ({
    id: account.id,
    name: account.name,
    place: placeOf(account),
  }))
}

/** A month as people name it: `November 2026`. */
export function monthName(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return `${months[number - 1]} ${year}`
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** The months that there is a statement of, the last first: the present one and the twelve before it. */
export function monthsUntil(now: Date): string[] {
  const [year, month] = formatNairobi(now, 'yyyy-MM').split('-').map(Number) as [number, number]
  return Array.from({ length: 13 }, (_, back) => {
    const count = year * 12 + month - 1 - back
    return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`
  })
}
