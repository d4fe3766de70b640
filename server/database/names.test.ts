import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../testing/database.ts'
import { lendDatabase } from '../../testing/lent-database.ts'
import { createNames } from './names.ts'
import { connect } from './connect.ts'
import { raw, sql } from './sql.ts'
import type { Database } from './sql.ts'
import { keepStatistics } from './statistics.ts'

/** A database of one connection for what is named, so that each comes to where the one before it was. */
async function single(plot: (database: Database) => Promise<void>, options: { mayName?: boolean } = {}): Promise<void> {
  const { url, drop } = await createTestDatabase()
  const database = connect(url, { connections: 1, ...options })
  try {
    await database.query(raw('create table goats (id int, name text)'))
    await plot(database)
  } finally {
    await database.end()
    await drop()
  }
}

const goats = (ids: number[]) => sql.named`select * from goats where id = any (${ids}::int[]) order by id`
const prepared = async (database: Database) =>
  (
    await database.query<{ statement: string }>(
      sql.named`select statement from pg_prepared_statements where statement like '%goats where%' and statement not like '%pg_%'`,
    )
  ).map(({ statement }) => statement)

test('a statement that is named is read once by a connection, however many values it is given; a piece of one, and what stands in a transaction, is not', () =>
  single(async (database) => {
    await database.query(sql`insert into goats values (1, 'Amina'), (2, 'Bahati')`)
    assert.equal((await database.query(goats([1]))).length, 1)
    assert.equal((await database.query(goats([1, 2, 3]))).length, 2)
    const [known, ...more] = await prepared(database)
    assert.deepEqual([known, more], ['select * from goats where id = any ($1::int[]) order by id', []])

    await database.query(sql`select count(*) from (${goats([1])}) as g`)
    await database.transaction((transaction) => transaction.query(sql.named`delete from goats where id = ${9}`))
    assert.equal((await prepared(database)).length, 1)
  }))

test('a table that changes under a node, and a pooler that leads to a connection without the name, are met by asking without it', () =>
  single(async (database) => {
    await database.query(sql`insert into goats values (1, 'Amina')`)
    await database.query(goats([1]))
    await database.query(raw('alter table goats add column color text'))
    assert.deepEqual(await database.query(goats([1])), [{ id: 1, name: 'Amina', color: null }])
    // The next time it has a name again.
    await database.query(goats([1]))
    assert.equal((await prepared(database)).length, 1)

    await database.query(sql.named`deallocate all`)
    assert.equal((await database.query(goats([1]))).length, 1)
    // A writing statement that is refused for its name has written nothing.
    const add = (id: number) => sql.named`insert into goats (id, name) values (${id}, 'Chui') returning *`
    await database.query(add(2))
    await database.query(raw('alter table goats drop column color'))
    await database.query(sql.named`deallocate all`)
    assert.deepEqual(await database.query(add(3)), [{ id: 3, name: 'Chui' }])
    assert.equal((await database.query(goats([1, 2, 3]))).length, 3)
    await assert.rejects(database.query(sql.named`select * from sheep`), { code: '42P01' })
  }))

test('where a pooler knows no names, none are used', () =>
  single(
    async (database) => {
      await database.query(goats([1]))
      assert.deepEqual(await prepared(database), [])
    },
    { mayName: false },
  ))

test('a text keeps its name until that is lost, and goes without after it is lost again and again', () => {
  const names = createNames()
  const [first, other] = [names.nameOf('select 1')!, names.nameOf('select 2')]
  assert.notEqual(first, other)
  assert.equal(names.nameOf('select 1'), first)
  assert.ok(first.length < 63, 'PostgreSQL cuts longer names.')
  // Every connection that had it tells of the same loss.
  for (let connection = 0; connection < 12; connection++) names.lost('select 1', first)
  const second = names.nameOf('select 1')!
  assert.notEqual(second, first)
  for (let name: string | undefined = second; name; name = names.nameOf('select 1')) names.lost('select 1', name)
  assert.equal(names.nameOf('select 1'), undefined)
  assert.equal(names.nameOf('select 2'), other)
})

test('texts that follow their values are not named without end', () => {
  const names = createNames()
  const named = Array.from({ length: 1_000 }, (_, id) => names.nameOf(`select ${id}`)).filter(Boolean)
  assert.ok(named.length < 500)
})

test('PostgreSQL looks at a table that has filled before its own time comes, and at one that holds nothing not at all', async () => {
  const { database, giveBack } = await lendDatabase()
  try {
    await database.query(raw('create table goats (id int); create table sheep (id int)'))
    await database.query(raw('insert into goats select generate_series(1, 20000); select pg_stat_force_next_flush()'))
    await keepStatistics.run({ database } as never)
    const rows = await database.query(
      sql`select relname, reltuples::int from pg_class where relname in ('goats', 'sheep') order by relname`,
    )
    assert.deepEqual(rows, [
      { relname: 'goats', reltuples: 20_000 },
      { relname: 'sheep', reltuples: -1 },
    ])
  } finally {
    await giveBack()
  }
})
