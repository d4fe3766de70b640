import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { ZodType } from 'zod'
import { createTestDatabase } from '../../testing/database.ts'
import type { TestDatabase } from '../../testing/database.ts'
import { linkRow } from '../links/link.ts'
import { invoiceRow } from '../invoices/invoice.ts'
import { outsidePaymentRow } from '../outside/outside-payment.ts'
import { moneyRow } from '../money-in/money-in.ts'
import { paymentRow } from '../payments/payment.ts'
import { receiptRow } from '../receipts/receipt.ts'
import { itemRow } from '../reconciliation/item.ts'
import { runRow } from '../reconciliation/run.ts'
import { batchRow } from '../payouts/batch.ts'
import { payoutRow } from '../payouts/payout.ts'
import { refundRow } from '../refunds/refund.ts'
import { listMigrations, migrationText } from './migrate.ts'
import { describeSchema } from './schema.ts'
import { installationTables } from './spread.ts'
import { connect } from './connect.ts'
import { sql } from './sql.ts'
import type { Database } from './sql.ts'

const golden = new URL('./schema.sql', import.meta.url)
/** What is no merchant's: the tables of the installation, and what is known of the schema itself. */
const installation = [...installationTables, 'migrations']

let own: TestDatabase
let database: Database

before(async () => {
  own = await createTestDatabase()
  database = connect(own.url)
})

after(async () => {
  await database.end()
  await own.drop()
})

test('schema.sql shows the tables as the migrations make them', async () => {
  const described = await describeSchema(database)
  const kept = await readFile(golden, 'utf8').catch(() => '')
  if (process.env['WRITE_SCHEMA']) return writeFile(golden, described)
  assert.equal(
    described,
    kept,
    'Write it anew with: WRITE_SCHEMA=1 npm exec -- node --test server/database/schema.test.ts',
  )
})

test('merchant_id leads every primary key, unique constraint and foreign key of merchant data', async () => {
  const rows = await database.query<{ table: string; name: string; first: string }>(sql`
    select t.relname as table, i.relname as name, a.attname as first
    from pg_index x
    join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
    join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
    where t.relnamespace = 'public'::regnamespace and x.indisunique and not t.relispartition
      and not t.relname = any (${installation})`)
  assert.ok(rows.length > 10)
  assert.deepEqual(
    rows.filter(({ first }) => first !== 'merchant_id'),
    [],
  )
  const foreign = await database.query<{ table: string; first: string }>(sql`
    select c.conrelid::regclass::text as table, a.attname as first
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and t.relnamespace = 'public'::regnamespace and not c.confrelid::regclass::text = any (${installation})`)
  assert.deepEqual(
    foreign.filter(({ first }) => first !== 'merchant_id'),
    [],
  )
})

test('no index of ids alone has the order of a list, or a list might go along what all merchants have', async () => {
  const rows = await database.query<{ name: string; isNullsFirst: boolean; isDescending: boolean }>(sql`
    select i.relname as name, x.indoption[0] & 1 = 1 as "isDescending", x.indoption[0] & 2 = 2 as "isNullsFirst"
    from pg_index x
    join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
    join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0] and a.attname = 'id'
    where t.relnamespace = 'public'::regnamespace and not t.relname = any (${installation})`)
  assert.ok(rows.length >= 4)
  assert.deepEqual(
    rows.filter(({ isDescending, isNullsFirst }) => isDescending === isNullsFirst),
    [],
  )
})

test('every other table has a merchant_id to be spread by, and none of the installation refers to one', async () => {
  const tables = await database.query<{ table: string; has_merchant: boolean }>(sql`
    select t.relname as table, exists (select from pg_attribute a
      where a.attrelid = t.oid and a.attname = 'merchant_id' and a.attnotnull and a.atttypid = 'uuid'::regtype) as has_merchant
    from pg_class t where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition`)
  const named = tables.map(({ table }) => table)
  assert.deepEqual(
    installation.filter((table) => !named.includes(table)),
    [],
  )
  assert.deepEqual(
    tables.filter(({ table, has_merchant }) => !has_merchant && !installation.includes(table)),
    [],
  )
  const backwards = await database.query<{ from: string; to: string }>(sql`
    select c.conrelid::regclass::text as from, c.confrelid::regclass::text as to from pg_constraint c
    where c.contype = 'f' and c.conrelid::regclass::text = any (${installation})
      and not c.confrelid::regclass::text = any (${installation})`)
  assert.deepEqual(backwards, [])
})

const rowTypes: [table: string, row: { shape: Record<string, ZodType> }][] = [
  ['payments', paymentRow],
  ['invoices', invoiceRow],
  ['outside_payments', outsidePaymentRow],
  ['payment_links', linkRow],
  ['receipts', receiptRow],
  ['refunds', refundRow],
  ['payouts', payoutRow],
  ['payout_batches', batchRow],
  ['money_in', moneyRow],
  ['reconciliation_runs', runRow],
  ['reconciliation_items', itemRow],
]

for (const [table, row] of rowTypes) {
  test(`the row type of ${table} has the columns of the table, and may be null where they may`, async () => {
    const columns = await database.query<{ name: string; is_nullable: boolean }>(sql`
      select attname as name, not attnotnull as is_nullable from pg_attribute
      where attrelid = ${table}::regclass and attnum > 0 and not attisdropped order by attname`)
    const declared = Object.entries(row.shape).map(([name, type]) => ({
      name,
      is_nullable: type.safeParse(null).success,
    }))
    assert.deepEqual(
      declared.sort((a, b) => (a.name < b.name ? -1 : 1)),
      columns,
    )
  })
}

test('a migration that takes something away takes with it the views of the version before, which stand on it where tables are spread', async () => {
  const later = (await listMigrations()).filter((name) => name > '0048')
  for (const name of later)
    for (const [dropping] of (await migrationText(name)).matchAll(/drop (?:column|table) [^,;]+/g))
      assert.match(dropping, /cascade/, name)
})
