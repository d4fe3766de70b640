import { configureAccount } from '../server/accounts/configure.ts'
import { later } from '../server/clock.ts'
import type { Context } from '../server/context.ts'
import { makePartitions } from '../server/database/partitions.ts'
import { raw, sql } from '../server/database/sql.ts'
import { newId } from '../server/id.ts'
import { createMerchant } from '../server/merchants/merchant.ts'
import { asked, returned } from './fill/asked.ts'
import { drawing, drawn } from './fill/drawn.ts'
import { received } from './fill/received.ts'
import { told } from './fill/told.ts'

/** The thousandths of all payments that each merchant has: one is large, some are of a middle size, many small. */
const shares = [600, 200, 100, 50, 30, 10, 5, 3, 1, 1]
const dayMs = 86_400_000
const months = 13
const chunkSize = 50_000

/**
 * Fills an empty, migrated database with so many payments of the year before now, and with all that came of them: evidence,
 * callbacks, money, receipts, events, deliveries, refunds, invoices, and some money that no payment explains. PostgreSQL makes them
 * itself, a million in minutes, and the same each time but for the merchants' ids. The books hold: `lango doctor` finds nothing
 * wrong in them. Answers the merchants, the largest first.
 */
export async function fill(
  context: Context,
  { payments, log = () => {} }: { payments: number; log?: (sentence: string) => void },
): Promise<string[]> {
  const { database, clock } = context
  const now = clock.now()
  for (let month = 0; month <= months; month++)
    await makePartitions(database, later(now, (month - months) * 30 * dayMs))
  await database.query(raw(drawing))
  const merchants = await openMerchants(context)
  const indexes = await dropIndexes(context)
  for (let from = 1; from <= payments; from += chunkSize) {
    const until = Math.min(payments, from + chunkSize - 1)
    await database.transaction(async (transaction) => {
      // Foreign keys hold as it is made: nobody asks for each row whether they do.
      await transaction.query(raw('set local session_replication_role = replica'))
      await transaction.query(drawn({ from, until, payments, now }))
      await transaction.query(raw('analyze f'))
      for (const step of [...asked, ...received, ...returned, ...told]) await transaction.query(step)
    })
    log(`${until} payments`)
  }
  for (const index of indexes) await database.query(raw(index))
  await database.query(raw('drop table fill_merchants; drop function fill_draw, fill_id'))
  await database.query(raw('vacuum analyze'))
  return merchants
}

/** Takes away what only lists and sweeps look into, and answers how it is made again: that is faster than to keep it up row by row. */
async function dropIndexes({ database }: Context): Promise<string[]> {
  const indexes = await database.query<{ name: string; definition: string }>(sql`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
    where indrelid in ('payments'::regclass, 'money_in'::regclass, 'deliveries'::regclass)
      and not exists (select from pg_constraint where conindid = indexrelid)`)
  for (const { name } of indexes) await database.query(raw(`drop index ${name}`))
  return indexes.map(({ definition }) => definition)
}

/** Makes the merchants as long ago as their first payments, each with an account and an endpoint. */
async function openMerchants(now: Context): Promise<string[]> {
  const begun = later(now.clock.now(), -months * 30 * dayMs)
  const context = { ...now, clock: { now: () => begun } }
  const merchants: string[] = []
  let before = 0
  for (const [index, share] of shares.entries()) {
    const { id: merchant_id } = await createMerchant(context, `Duka ${index + 1}`)
    const { id: account_id } = await configureAccount(context, {
      merchant_id,
      provider: 'mpesa',
      environment: 'simulator',
      shortcode: '174379',
      till: null,
      type: 'paybill',
      credentials: { consumer_key: 'key', consumer_secret: 'secret', passkey: 'passkey' },
    })
    const endpoint_id = newId(begun)
    await context.database.query(sql`
      insert into webhook_endpoints (merchant_id, id, mode, url, events, secret, created_at, updated_at)
      values (${merchant_id}, ${endpoint_id}, 'test', 'https://shop.example/hook', array['payment.*'], '', ${begun}, ${begun})`)
    await context.database.query(sql`
      insert into fill_merchants values (${merchant_id}, ${account_id}, ${endpoint_id}, int4range(${before}, ${before + share}))`)
    before += share
    merchants.push(merchant_id)
  }
  return merchants
}
