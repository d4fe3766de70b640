import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { onCitus } from '../../testing/citus.ts'
import { createEmptyDatabase, urlOf } from '../../testing/database.ts'
import type { TestDatabase } from '../../testing/database.ts'
import { story } from '../../testing/story.ts'
import { distribute, distributeTables } from './distribute.ts'
import { everywhere } from './everywhere.ts'
import { applyMigration } from './migrate.ts'
import { openDatabase } from './open.ts'
import { newId } from '../id.ts'
import { createNode } from '../node.ts'
import { installationTables } from './spread.ts'
import { raw, sql } from './sql.ts'
import type { Database } from './sql.ts'

const made: TestDatabase[] = []

after(async () => {
  for (const one of made) await one.drop()
})

test('a database without Citus is left as it is, and whoever asks is told what to do', async () => {
  const own = await createEmptyDatabase()
  made.push(own)
  await assert.rejects(distributeTables(own.url), /has no Citus.*create extension citus.*citus_add_node/s)
})

test(
  'tables of the installation are whole on each machine, and all others are spread beside payments by merchant',
  onCitus,
  () =>
    story({}, async ({ context: { database } }) => {
      const tables = await database.query<{
        name: string
        is_whole: boolean
        by: string | null
        is_beside: boolean
      }>(sql`
      select c.relname as name, d.partmethod = 'n' and d.repmodel = 't' as is_whole, column_to_column_name(d.logicalrelid, d.partkey) as by,
        d.colocationid = (select colocationid from pg_dist_partition where logicalrelid = 'payments'::regclass) as is_beside
      from pg_class c left join pg_dist_partition d on d.logicalrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migrations'`)
      assert.deepEqual(
        tables
          .filter(({ is_whole }) => is_whole)
          .map(({ name }) => name)
          .sort(),
        [...installationTables],
      )
      const spread = tables.filter(({ is_whole }) => !is_whole)
      assert.ok(spread.length > 25)
      assert.deepEqual(
        spread.filter(({ by, is_beside }) => by !== 'merchant_id' || !is_beside),
        [],
      )
      assert.deepEqual(await distribute(database), [], 'What is spread already stays as it is.')
    }),
)

test('foreign keys hold on distributed tables, within a merchant and to the installation', onCitus, () =>
  story({}, async ({ context: { database }, merchant }) => {
    const keys = await database.one<{ count: number }>(sql`
      select count(*)::int as count from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0`)
    assert.ok(keys.count > 50)
    const allocation = sql`insert into allocations (merchant_id, payment_id, invoice_id, amount_cents, created_at, updated_at)
      values (${merchant.id}, ${newId(new Date())}, ${newId(new Date())}, 1, now(), now())`
    await assert.rejects(database.query(allocation), { code: '23503' })
  }),
)

test('a table that a later version makes is spread as well, with what it holds', onCitus, () =>
  story({}, async ({ context: { database }, merchant }) => {
    await database.query(raw('create table later (merchant_id uuid, id int, primary key (merchant_id, id))'))
    await database.query(
      sql`insert into later (merchant_id, id) select ${merchant.id}::uuid, n from generate_series(1, 3) n`,
    )
    assert.deepEqual(await distribute(database), ['later'])
    const { count } = await database.one<{ count: number }>(sql`select count(*)::int as count from later`)
    assert.equal(count, 3)
  }),
)

test(
  'nodes of both versions find their tables while a migration adds a column, and while one takes it away',
  onCitus,
  () =>
    story({}, async ({ context: { database }, merchant, pay }) => {
      const ofMerchant = sql`where merchant_id = ${merchant.id}`
      await pay()
      const migrated = async (name: string, text: string) => {
        await database.transaction((transaction) => applyMigration(transaction, name, text))
        return openDatabase(await urlOf(database), { mayEnd: true })
      }
      const added = await migrated(
        '9991_added.sql',
        'alter table payments add column colour text; alter table users add column colour text',
      )
      const colours = sql`
      update payments set colour = 'red' ${ofMerchant} returning colour, (select count(colour)::int from users) as users`
      assert.deepEqual(await added.query(colours), [{ colour: 'red', users: 0 }])
      assert.ok(await pay({ amount: 50 }), 'The version before goes on.')

      const taken = await migrated(
        '9992_taken.sql',
        'alter table payments drop column colour cascade; alter table users drop column colour cascade',
      )
      for (const node of [database, added, taken])
        assert.equal((await node.query(sql`select * from payments ${ofMerchant}`)).length, 2)
      await assert.rejects(added.query(colours), { code: '42703' })
      const kept = await everywhere<{ versions: number }>(
        database,
        sql`select count(*)::int as versions from pg_namespace where nspname like 'lango%' group by substr(nspname, 11)`,
      )
      assert.equal(Math.max(...kept.map(({ versions }) => versions)), 2, 'Of older ones nothing is left.')
      for (const node of [added, taken]) await node.end()
    }),
)

test('statements of one merchant run whole on one machine, which plans them as any PostgreSQL', onCitus, () =>
  story({}, async ({ context: { database }, merchant, pay }) => {
    await pay()
    const settling = await planOf(
      database,
      sql`
      with told as (insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
        select merchant_id, id, 'payment.completed', id, 9, 'test', '{}', created_at from payments where merchant_id = ${merchant.id} returning *)
      select * from told`,
    )
    assert.match(settling, /Insert on events_\d+/)
    assert.match(settling, /on payments_\d+/)
    assert.doesNotMatch(settling, /Citus|Distributed|Intermediate/)
    const all = await planOf(database, sql`select count(*) from payments`)
    assert.match(all, /Citus Adaptive/)
  }),
)

test('every sweep runs on distributed tables, and every list of the API is answered', onCitus, () =>
  story({}, async ({ context, call, pay }) => {
    await pay()
    for (const { name, run } of createNode(context).sweeps) await assert.doesNotReject(run(context), name)
    for (const path of lists) assert.equal((await call('GET', `/v1/${path}?limit=5`)).status, 200, path)
    assert.equal((await call('GET', '/v1/payments?search=UKK&min_amount=1')).status, 200)
  }),
)

const lists =
  'payments refunds payouts invoices payment-links money-in attention events receipts webhook-endpoints deliveries'.split(
    ' ',
  )

async function planOf(database: Database, query: ReturnType<typeof sql>): Promise<string> {
  const lines = await database.query<{ 'QUERY PLAN': string }>(sql`explain (costs off) ${query}`)
  return lines.map((line) => line['QUERY PLAN']).join('\n')
}
