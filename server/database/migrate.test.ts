import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../testing/database.ts'
import { migrate } from './migrate.ts'
import { connect, raw, sql } from './sql.ts'

test('a migration that finds its table in use lets all others pass, and is done once it is free', async () => {
  const own = await createTestDatabase()
  const [nodes, command] = [connect(own.url, { connections: 3 }), connect(own.url, { connections: 1 })]
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

/** Resolves while somebody waits for a lock of a table. */
async function waitingForLock(database: ReturnType<typeof connect>): Promise<void> {
  for (;;) {
    const [waits] = await database.query(
      sql`select 1 from pg_locks where not granted and relation = 'provider_accounts'::regclass`,
    )
    if (waits) return
  }
}
