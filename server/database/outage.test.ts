import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../testing/database.ts'
import { openRoad } from '../../testing/road.ts'
import { bringUpToDate } from './bring-up-to-date.ts'
import { isAway } from './outage.ts'
import { connect } from './connect.ts'
import { raw, sql } from './sql.ts'
import type { Database, Queryable } from './sql.ts'

const write = (database: Queryable) =>
  database.one<{ id: number }>(sql`insert into written (id) values (default) returning id`)
const inTransaction = (database: Database) => database.transaction(write)
const ways = Object.entries({ 'a statement': write, 'a transaction': inTransaction })

/** Opens a database with a table in it, by a pool of one connection. */
async function opened(plot: (database: Database, url: string) => Promise<void>, options = {}): Promise<void> {
  const own = await createTestDatabase()
  const database = connect(own.url, { connections: 1, ...options })
  try {
    await database.query(sql`create table written (id integer generated always as identity)`)
    await plot(database, own.url)
  } finally {
    await database.end()
    await own.drop()
  }
}

for (const [name, writeBy] of ways) {
  test(`${name} on a connection whose server has become a standby counts as an outage, and the next one has another connection`, () =>
    opened(async (database) => {
      // What a standby says of a session, a session can be made to say of itself.
      await database.query(sql`set default_transaction_read_only = on`)
      await assert.rejects(
        () => writeBy(database),
        (error) => isAway(error),
      )
      assert.ok(await writeBy(database))
    }))

  test(`${name} on the way to a host that has vanished is given up once, and the next one arrives`, () =>
    opened(async (_, url) => {
      const road = await openRoad(url)
      const patienceMs = 400
      const database = connect(road.url, { connections: 1, patienceMs })
      try {
        await writeBy(database)
        road.block()
        const beganAt = performance.now()
        await assert.rejects(
          () => writeBy(database),
          (error) => isAway(error),
        )
        assert.ok(performance.now() - beganAt < 1.5 * patienceMs, 'nobody waits twice')
        road.open()
        assert.ok(await writeBy(database))
        assert.equal(road.count(), 2)
      } finally {
        await road.close()
        await database.end()
      }
    }))
}

test('whoever is to write is not led to a standby: what it would read there may be old', () =>
  opened(async (database, url) => {
    const { name } = await database.one<{ name: string }>(sql`select quote_ident(current_database()) as name`)
    const node = connect(url, { connections: 1, isForWriting: true })
    const reader = connect(url, { connections: 1 })
    try {
      await database.query(raw(`alter database ${name} set default_transaction_read_only = on`))
      for (const read of [sql`select 1 as one`, sql.named`select 1 as one`])
        await assert.rejects(
          () => node.query(read),
          (error) => isAway(error),
        )
      await assert.rejects(() => bringUpToDate(url), /^CannotStart: PostgreSQL at .* only reads, as a standby does/)
      assert.deepEqual(await reader.query(sql`select 1 as one`), [{ one: 1 }])
      await database.query(sql`set default_transaction_read_only = off`)
      await database.query(raw(`alter database ${name} reset default_transaction_read_only`))
      assert.ok(await write(node))
      assert.deepEqual(await node.query(sql.named`select 1 as one`), [{ one: 1 }])
    } finally {
      await node.end()
      await reader.end()
    }
  }))
