import assert from 'node:assert/strict'
import { sql } from '../server/database/sql.ts'
import type { Database } from '../server/database/sql.ts'
import { flood } from './flood.ts'
import type { Loaded, Prepared } from './load.ts'
import { oneByOne, pace } from './pace.ts'
import { prepare } from './prepare.ts'
import { serve } from './served.ts'
import type { ServerName, Spent } from './served.ts'

/** How callbacks come: so many connections at once, one at a time, or so many a second. */
export type Coming = { connections: number } | 'one by one' | { perSecond: number }

/** So many post and are not measured: the server's code is compiled, and PostgreSQL has read its statements. */
const warmUp = 500

/** Posts one callback for each of so many pending payments, and asserts that every one of them was settled once, and told of. */
export async function measureCallbacks(
  name: ServerName,
  { url, payments, coming, isFilled = false }: { url: string; payments: number; coming: Coming; isFilled?: boolean },
): Promise<Loaded & Spent> {
  let [merchant_id, requests]: [string, Prepared[]] = ['', []]
  const fill = async (database: Parameters<typeof prepare>[0]) => {
    ;({ merchant_id, requests } = await prepare(database, payments + warmUp))
  }
  return serve(name, { url, isFilled }, fill, async ({ port, database, spend }) => {
    await oneByOne(port, requests.slice(0, warmUp))
    await database.query(sql`analyze`)
    const measured = await spend(payments, () => send(port, requests.slice(warmUp), coming))
    await assertSettled(database, merchant_id, payments + warmUp)
    return measured
  })
}

/** Asserts that so many payments of a merchant were settled, with one row of each kind that this leaves, and told of. */
export async function assertSettled(database: Database, merchant_id: string, payments: number): Promise<void> {
  const counts = await database.one<Record<string, number>>(sql`
    with merchant (merchant_id) as (select ${merchant_id}::uuid)
    select (select count(*) from payments join merchant using (merchant_id) where status = 'completed') as settled,
      (select count(*) from money_in join merchant using (merchant_id) where payment_id is not null) as money,
      (select count(*) from evidence join merchant using (merchant_id) where effect = 'completed') as evidence,
      (select count(*) from callbacks join merchant using (merchant_id)) as bodies,
      (select count(distinct subject_id) from events join merchant using (merchant_id) where type = 'payment.completed') as told,
      (select count(distinct event_id) from deliveries join merchant using (merchant_id)) as delivered`)
  for (const [what, count] of Object.entries(counts)) assert.equal(count, payments, what)
}

function send(port: number, requests: Prepared[], coming: Coming): Promise<Loaded> {
  if (coming === 'one by one') return oneByOne(port, requests)
  if ('perSecond' in coming) return pace(port, requests, coming.perSecond)
  return flood(port, requests, coming.connections)
}
