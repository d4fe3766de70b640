import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aimOf } from './aim.ts'
import { isColumn, oneRow, rows, values } from './columns.ts'
import { join, sql } from './sql.ts'
import type { Sql } from './sql.ts'

const [juma, asha] = ['11111111-0000-7000-8000-000000000001', '22222222-0000-7000-8000-000000000002']
const isMerchants = (table: string) => ['payments', 'events', 'money_in', 'callbacks'].includes(table)
const aim = (query: Sql) => aimOf(query, isMerchants)
const types = { merchant_id: 'uuid', id: 'text' } as const

test('a statement is about the merchants whom it names', () => {
  const namings: [Sql, string[]][] = [
    [sql`select * from payments where merchant_id = ${juma} and id = ${'a'}`, [juma]],
    [sql`select * from payments p where p.id = ${'a'} and p.merchant_id = ${juma} for update`, [juma]],
    [sql`select * from payments where merchant_id = any (${[juma, asha]})`, [juma, asha]],
    [sql`insert into payments (merchant_id, id) values (${juma}, ${'a'})`, [juma]],
    [sql`insert into payments ${oneRow<{ merchant_id: string; id: string }>({ id: 'a', merchant_id: juma })}`, [juma]],
    [
      sql`insert into events ${values(
        [
          { merchant_id: juma, id: 'a' },
          { merchant_id: juma, id: 'b' },
        ],
        types,
      )}`,
      [juma],
    ],
    [
      sql`update payments p set id = n.id from ${rows([{ id: 'a', merchant_id: asha }], 'n', { id: 'text', merchant_id: 'uuid' })} where p.id = n.id`,
      [asha],
    ],
    [
      sql`select * from payments where ${join([sql`status = ${'failed'}`, sql`merchant_id = ${asha}`], sql` and `)}`,
      [asha],
    ],
    [sql`select * from payments where check_at < ${new Date(0)}`, []],
  ]
  for (const [query, merchants] of namings) assert.deepEqual(aim(query).merchants, merchants, query.strings.join('?'))
})

test('what is of the installation is about no merchant, though it names one', () => {
  assert.deepEqual(aim(sql`select * from memberships where merchant_id = ${juma}`).merchants, [])
  assert.deepEqual(
    aim(sql`update memberships set role = 'owner' where merchant_id = ${juma} and exists (select from payments)`)
      .merchants,
    [],
  )
  assert.deepEqual(
    aim(sql`select * from merchants m join payments p on p.merchant_id = m.id where p.merchant_id = ${juma}`).merchants,
    [juma],
  )
})

test('a statement whose rows are of several merchants falls apart into one for each', () => {
  const facts = [
    { merchant_id: juma, id: 'a' },
    { merchant_id: asha, id: 'b' },
    { merchant_id: juma, id: 'c' },
  ]
  const query = sql.named`with f as (select * from ${rows(facts, 'f', types)}), kept as (insert into callbacks ${values(facts.slice(1), types)})
    select ${7}::int from f join payments p using (merchant_id)`
  const { merchants, of } = aim(query)
  assert.deepEqual(merchants, [juma, asha])
  const theirs = of((merchant) => merchant === juma)
  const shown = theirs.values.map((value) => (isColumn(value) ? value.values() : value))
  assert.deepEqual(shown, [[juma, juma], ['a', 'c'], [juma], ['c'], 7])
  assert.deepEqual(theirs.strings, query.strings)
  assert.equal(theirs.isNamed, true)
})

test('rows that do not say whose they are cannot be told apart', () => {
  const query = sql`select * from payments p, ${rows([{ id: 'a' }], 'n', { id: 'text' })} where p.merchant_id = any (${[juma, asha]})`
  assert.throws(() => aim(query).of(() => true), /do not say whose they are/)
})
