import { later } from '../clock.ts'
import { boundsOf, dayAfter, dayLater, dayOf, daysBetween } from '../day.ts'
import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { eachDue } from '../database/each-due.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import type { Sql, Transaction } from '../database/sql.ts'
import { firstIdOf, timeOf } from '../id.ts'
import { secondsTaken } from './outcome.ts'
import { findTouched } from './touched.ts'

const minuteMs = 60_000
const everyMs = 15 * minuteMs
const leaseMs = 10 * minuteMs
const merchantsAtOnce = 20
const daysAtOnce = 31

/** What is made in the last moment of a day is in the tables long before this. */
const overAfterMs = 60 * minuteMs

/**
 * Adds up the days of each merchant that are over, and anew those on which something has changed since: a late success, a reversal,
 * a refund. What is added up agrees with the rows, but for what has changed in the last quarter of an hour.
 */
export const sumDays: Sweep = {
  name: 'days',
  everyMs: minuteMs,
  async run(context) {
    const due = await claimDue(context)
    return eachDue(context, due, { table: 'day_progress' }, ({ merchant_id }) => sumDue(context, merchant_id))
  },
}

async function claimDue({ database, clock }: Context): Promise<{ merchant_id: string }[]> {
  const now = clock.now()
  await database.query(sql`
    insert into day_progress (merchant_id, sum_at) select id, ${now}
    from (select id from merchants except select merchant_id from day_progress) m on conflict do nothing`)
  return everywhere(
    database,
    sql`
    with due as (select merchant_id from day_progress where sum_at <= ${now} order by sum_at limit ${merchantsAtOnce})
    update day_progress d set sum_at = ${later(now, leaseMs)} from due
    where d.merchant_id = due.merchant_id and d.sum_at <= ${now} -- Asked again: another node may have been faster.
    returning d.merchant_id`,
  )
}

type Progress = { summed_until: string | null; looked_until: Date | null }

function sumDue({ database, clock }: Context, merchant_id: string): Promise<void> {
  const now = clock.now()
  return database.transaction(async (transaction) => {
    // Held until the sums are written: whoever adds up the same days waits, and then begins where this one ended.
    const { summed_until, looked_until } = await transaction.one<Progress>(sql`
      select summed_until::text, looked_until from day_progress where merchant_id = ${merchant_id} for update`)
    const lastOver = dayLater(dayOf(later(now, -overAfterMs)), -1)
    const first = summed_until === null ? await findFirstDay(transaction, merchant_id) : dayAfter(summed_until)
    const fresh = first === undefined ? [] : daysBetween(first, lastOver).slice(0, daysAtOnce)
    const again =
      summed_until !== null && looked_until
        ? await findTouched(transaction, { merchant_id, since: looked_until, last: summed_until })
        : []
    if (fresh.length + again.length > 0) await writeSums(transaction, merchant_id, [...again, ...fresh])
    const until = fresh.at(-1) ?? summed_until
    await transaction.query(sql`
      update day_progress set summed_until = ${until}::date, looked_until = ${until && now}::timestamptz,
        sum_at = ${fresh.at(-1) !== undefined && fresh.at(-1)! < lastOver ? now : later(now, everyMs)}
      where merchant_id = ${merchant_id}`)
  })
}

/** The day of the first payment or money of a merchant, which are ordered by when they were made. */
async function findFirstDay(transaction: Transaction, merchant_id: string): Promise<string | undefined> {
  const first = await transaction.query<{ id: string }>(sql`
    (select id from payments where merchant_id = ${merchant_id} order by id limit 1)
    union all (select id from money_in where merchant_id = ${merchant_id} order by id limit 1)`)
  const days = first.map(({ id }) => dayOf(timeOf(id))).sort()
  return days[0]
}

async function writeSums(transaction: Transaction, merchant_id: string, days: string[]): Promise<void> {
  for (const table of [moneyOf, outcomesOf])
    for (const statement of table(merchant_id, days)) await transaction.query(statement)
}

/** Days as a table `d`, each with the range of ids that were made on it. */
function rangesOf(days: string[]): Sql {
  const bounds = days.map(boundsOf)
  const [from, until] = [bounds.map((one) => firstIdOf(one.from)), bounds.map((one) => firstIdOf(one.until))]
  return sql`unnest(${days}::date[], ${from}::uuid[], ${until}::uuid[]) as d (day, from_id, until_id)`
}

const moneyOf = (merchant_id: string, days: string[]) => [
  sql`delete from day_money where merchant_id = ${merchant_id} and day = any (${days}::date[])`,
  sql`
    insert into day_money (merchant_id, provider_account_id, environment, day, cents, count, returned_cents)
    select m.merchant_id, m.provider_account_id, m.environment, d.day, sum(m.amount_cents), count(*), sum(m.reversed_cents)
    from ${rangesOf(days)} join money_in m on m.merchant_id = ${merchant_id} and m.id >= d.from_id and m.id < d.until_id
    group by 1, 2, 3, 4`,
]

const outcomesOf = (merchant_id: string, days: string[]) => [
  sql`delete from day_outcomes where merchant_id = ${merchant_id} and day = any (${days}::date[])`,
  sql`
    insert into day_outcomes (merchant_id, provider_account_id, environment, day, status, failure_code, seconds, count)
    select merchant_id, provider_account_id, environment, d.day, status, failure_code, ${secondsTaken}, count(*)
    from ${rangesOf(days)} join payments p on p.merchant_id = ${merchant_id} and p.id >= d.from_id and p.id < d.until_id
    where requested_at is not null group by 1, 2, 3, 4, 5, 6, 7`,
]
