import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestDatabase } from '../../testing/database.ts'
import type { TestDatabase } from '../../testing/database.ts'
import { columns, listText, rows, set, values } from './columns.ts'
import { connect } from './connect.ts'
import { raw, sql } from './sql.ts'
import type { Database } from './sql.ts'

type Bun = {
  id: string
  eaten: boolean
  cents?: number
  at: Date | null
  body: Buffer
  tags: string
  baker: { name: string }
}

const id = '0193a6c1-77b2-7d0e-8f21-c4d5e6f70812'
const bun: Bun = {
  id,
  eaten: true,
  cents: 5_000,
  at: new Date('2026-03-01T10:00:05.123Z'),
  body: Buffer.from([0, 255, 92, 34]),
  tags: JSON.stringify({ a: 'b"c\\' }),
  baker: { name: 'Asha' },
}
const types = {
  id: 'uuid',
  eaten: 'boolean',
  cents: 'bigint',
  at: 'timestamptz',
  body: 'bytea',
  tags: 'jsonb',
} as const

let here: TestDatabase
let database: Database

before(async () => {
  here = await createTestDatabase()
  database = connect(here.url)
  await database.query(
    raw('create table buns (at timestamptz, id uuid, tags jsonb, cents bigint default 7, body bytea, eaten boolean)'),
  )
})

after(async () => {
  await database.end()
  await here.drop()
})

test('rows come as they went, whatever the order of their columns', async () => {
  const { baker, ...row } = bun
  const empty = { ...bun, eaten: false, cents: undefined, at: null }
  const found = await database.query(sql`select * from ${rows([bun, empty], 'b', types)}`)
  assert.deepEqual(found, [
    { ...row, tags: { a: 'b"c\\' } },
    { ...row, tags: { a: 'b"c\\' }, eaten: false, cents: null, at: null },
  ])
  assert.ok(baker)
})

test('each column of an insert and of an update is bound by its name', async () => {
  await database.query(sql`insert into buns ${values([bun], types)}`)
  await database.query(sql`insert into buns ${columns<Partial<Bun>>({ id: sql`b.id`, body: bun.body })} from buns b`)
  const change = set<Bun>({ cents: sql`cents + more`, eaten: sql`false` }, sql`from (select 1 as more) as m`)
  await database.query(sql`update buns ${change} where eaten`)
  const found = await database.query(sql`select id, cents, eaten, at, body from buns order by cents`)
  assert.deepEqual(found, [
    { id, cents: 7, eaten: null, at: null, body: bun.body },
    { id, cents: 5_001, eaten: false, at: bun.at, body: bun.body },
  ])
})

test('a list inside a row travels as text', async () => {
  const found = await database.query(
    sql`select ids::uuid[] from ${rows([{ ids: listText([id, id]) }, { ids: listText([]) }], 'b', { ids: 'text' })}`,
  )
  assert.deepEqual(found, [{ ids: [id, id] }, { ids: [] }])
})

test('the text of a statement depends on its shape alone', () => {
  const text = (buns: Bun[]) => JSON.stringify(rows(buns, 'b', types).strings)
  assert.equal(text([]), text([bun, bun]))
})

test('a column that is missing, misspelt or of another type does not compile', () => {
  // @ts-expect-error: cents is missing.
  rows([bun], 'b', { id: 'uuid', eaten: 'boolean', at: 'timestamptz', body: 'bytea', tags: 'jsonb' })
  // @ts-expect-error: it is no column.
  rows([bun], 'b', { ...types, baker: 'jsonb' })
  // @ts-expect-error: a time is no text.
  values([bun], { ...types, at: 'text' })
  // @ts-expect-error: eaten is missing.
  columns<Pick<Bun, 'id' | 'eaten'>>({ id })
  // @ts-expect-error: there is no such column.
  columns<Partial<Bun>>({ id, eatn: true })
  // @ts-expect-error: there is no such column.
  set<Bun>({ cnts: sql`1` }, sql``)
  // @ts-expect-error: of which table?
  set({ cents: sql`1` }, sql``)
})
