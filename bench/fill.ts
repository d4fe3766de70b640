import { sealAudit } from '../server/access/audit-seal.ts'
import { configureAccount } from '../server/accounts/configure.ts'
import { later } from '../server/clock.ts'
import type { Context } from '../server/context.ts'
import { makePartitions } from '../server/database/partitions.ts'
import { raw, sql } from '../server/database/sql.ts'
import type { Database } from '../server/database/sql.ts'
import { createMerchant } from '../server/merchants/merchant.ts'
import { insertEndpoint } from '../server/webhooks/create-endpoint.ts'
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
 * callbacks, money, receipts, events, deliveries, refunds, invoices, and some money that no payment explains, at which somebody has looked. PostgreSQL makes them
 * itself, and the same each time but for the merchants' ids. The books hold: `lango doctor` finds nothing wrong in them. A database
 * in which it was cut short is good for nothing. Answers the merchants, the largest first.
 */
export async function fill(
  context: Context,
  { payments, log = () => {} }: { payments: number; log?: (sentence: string) => void },
): Promise<string[]> {
  const { database, clock } = context
  const now = clock.now()
  await refuseFilled(database)
  for (let month = 0; month <= months; month++)
    await makePartitions(database, later(now, (month - months) * 30 * dayMs))
  await database.query(raw(drawing))
  const merchants = await openMerchants(context)
  const indexes = await dropIndexes(database)
  // The largest merchant and the others have nothing in common, so that two sessions need not wait for each other.
  await Promise.all([0, 1].map((part) => fillPart(database, { part, payments, now, log })))
  for (const { table, definition } of indexes) {
    await database.transaction(async (transaction) => {
      await transaction.query(raw(`set local maintenance_work_mem = '512MB'`))
      await transaction.query(raw(definition))
    })
    log(`an index of ${table}`)
  }
  await database.query(raw('drop table fill_merchants; drop function fill_draw, fill_id'))
  while ((await sealAudit.run(context)) > 0);
  await database.query(raw('vacuum analyze'))
  return merchants
}

/** Fills in the payments of one part of the merchants, the oldest first. */
async function fillPart(
  database: Database,
  { part, payments, now, log }: { part: number; payments: number; now: Date; log: (sentence: string) => void },
): Promise<void> {
  for (let from = 1; from <= payments; from += chunkSize) {
    const until = Math.min(payments, from + chunkSize - 1)
    await database.transaction(async (transaction) => {
      // Foreign keys hold as it is made: nobody asks for each row whether they do.
      await transaction.query(raw('set local session_replication_role = replica'))
      await transaction.query(drawn({ from, until, payments, now, part }))
      // How many there are is all that a plan needs to know.
      await transaction.query(raw('analyze f (n)'))
      for (const step of [...asked, ...received, ...returned, ...told]) await transaction.query(step)
    })
    if (part === 0) log(`${until} payments`)
  }
}

const tables =
  'payments, invoices, allocations, refunds, money_in, receipts, receipt_numbers, callbacks, evidence, events, deliveries, delivery_attempts'

/** @throws when there is a payment: what was filled is not filled again. */
async function refuseFilled(database: Database): Promise<void> {
  const { isFilled } = await database.one<{ isFilled: boolean }>(
    sql`select exists (select from payments) as "isFilled"`,
  )
  if (isFilled) throw new Error('Here are payments already. Fill another directory.')
}

/**
 * Takes away every index but the keys that other tables refer to, and answers how each is made again: to sort once is faster than
 * to keep it up row by row.
 */
async function dropIndexes(database: Database): Promise<{ table: string; definition: string }[]> {
  const indexes = await database.query<{ table: string; drop: string; definition: string }>(sql`
    select i.indrelid::regclass::text as table,
      case when k.oid is null then format('drop index %s', i.indexrelid::regclass)
        else format('alter table %s drop constraint %I', i.indrelid::regclass, k.conname) end as drop,
      case when k.oid is null then replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
        else format('alter table %s add constraint %I %s', i.indrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) end as definition
    from pg_index i left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid
    where i.indrelid = any (string_to_array(${tables}, ', ')::regclass[]) and i.indrelid <> 'receipt_numbers'::regclass
      and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = i.indexrelid)
    order by k.conname is null, i.indexrelid`)
  for (const { drop } of indexes) await database.query(raw(drop))
  return indexes
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
    const endpoint = await context.database.transaction((transaction) =>
      insertEndpoint(transaction, context, {
        merchant_id,
        mode: 'test',
        url: 'https://shop.example/hook',
        events: ['payment.*'],
        is_simple: false,
      }),
    )
    await context.database.query(sql`
      insert into fill_merchants
      select id, ${account_id}, ${endpoint!.endpoint.id}, int4range(${before}, ${before + share}), ${Math.min(index, 1)},
        jsonb_build_object('name', name, 'tax_pin', null, 'vat_rate_points', null, 'address', null, 'email', null)
      from merchants where id = ${merchant_id}`)
    before += share
    merchants.push(merchant_id)
  }
  return merchants
}
