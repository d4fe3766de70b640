import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../testing/database.ts'
import { migrate, migrationLock } from './migrate.ts'
import { connect } from './connect.ts'
import { raw, sql } from './sql.ts'

test('a migration that finds its table in use lets all others pass, and is done once it is free', async () => {
  const own = await createTestDatabase()
  const [nodes, command] = [connect(own.url, { connections: 3 }), connect(own.url, { connections: 2 })]
  const [reads, ends] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  try {
    // As if the last migration had not been seen: its columns are there to be made again.
    await nodes.query(raw(`delete from migrations where name = '0048_token_lease.sql'`))
    await nodes.query(raw('alter table provider_accounts drop column access_token_minting_by'))
    const backup = nodes.transaction(async (transaction) => {
      await transaction.query(sql`select 1 from provider_accounts`)
      reads.resolve()
      await ends.promise
    })
    await reads.promise
    const migrating = migrate(command)
    await waitingForLock(nodes)
    await nodes.query(sql`select 1 from provider_accounts`)
    ends.resolve()
    await backup
    assert.deepEqual(await migrating, ['0048_token_lease.sql'])
    await nodes.query(sql`select access_token_minting_by from provider_accounts`)
  } finally {
    await Promise.all([nodes.end(), command.end()])
    await own.drop()
  }
})

test('an index is built beside those who write', async () => {
  const own = await createTestDatabase()
  const [nodes, command] = [connect(own.url, { connections: 3 }), connect(own.url, { connections: 2 })]
  const [writes, ends] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  try {
    await nodes.query(raw(`delete from migrations where name = '0055_slices_of_money.sql'`))
    for (const { name } of await nodes.query<{ name: string }>(sql`
      select indexname as name from pg_indexes where indexname ~ '^(money_in|invoices)_by_.*_in_slice'`))
      await nodes.query(raw(`drop index ${name}`))
    const writer = nodes.transaction(async (transaction) => {
      await transaction.query(sql`lock table money_in in row exclusive mode`)
      writes.resolve()
      await ends.promise
    })
    await writes.promise
    const migrating = migrate(command)
    for (let isBuilding = false; !isBuilding;)
      isBuilding = (await nodes.query(sql`select 1 from pg_stat_progress_create_index`)).length > 0
    await nodes.query(sql`update money_in set amount_cents = 1`)
    ends.resolve()
    await writer
    assert.deepEqual(await migrating, ['0055_slices_of_money.sql'])
  } finally {
    await Promise.all([nodes.end(), command.end()])
    await own.drop()
  }
})

test('half an index, of a migration that was broken off, is built anew', async () => {
  const own = await createTestDatabase()
  const database = connect(own.url, { connections: 2 })
  try {
    await database.query(raw(`delete from migrations where name = '0055_slices_of_money.sql'`))
    await database.query(raw('drop index money_in_by_amount_in_slice'))
    await database.query(raw('create index money_in_by_amount_in_slice on money_in (id)'))
    assert.deepEqual(await migrate(database), ['0055_slices_of_money.sql'])
    const { definition } = await database.one<{ definition: string }>(sql`
      select pg_get_indexdef('money_in_by_amount_in_slice'::regclass) as definition`)
    assert.match(definition, /\(merchant_id, "left"\(\(id\)::text, 5\), amount_cents\)/)
  } finally {
    await database.end()
    await own.drop()
  }
})

test('whoever starts on a database that is up to date waits for nobody who changes it', async () => {
  const own = await createTestDatabase()
  const [nodes, command] = [connect(own.url, { connections: 1 }), connect(own.url, { connections: 1 })]
  try {
    await command.transaction(async (transaction) => {
      await transaction.query(sql`select pg_advisory_xact_lock(${migrationLock}::bigint)`)
      await transaction.query(sql`lock table migrations in share row exclusive mode`)
      assert.deepEqual(await migrate(nodes), [])
    })
  } finally {
    await Promise.all([nodes.end(), command.end()])
    await own.drop()
  }
})

/** Resolves while somebody waits for a lock of a table. */
async function waitingForLock(database: ReturnType<typeof connect>): Promise<void> {
  for (;;) {
    const [waits] = await database.query(
      sql`select 1 from pg_locks where not granted and relation = 'provider_accounts'::regclass`,
    )
    if (waits) return
  }
}
