import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, raw, sql } from '../server/database/sql.ts'
import { migrate } from '../server/database/migrate.ts'
import { flood } from './flood.ts'
import type { Loaded } from './load.ts'
import { pace } from './pace.ts'
import { prepare, secretKey } from './prepare.ts'

export type Measured = Loaded & { memoryMb: number }
type Load = { url: string; payments: number; connections: number; perSecond?: number }

/** Posts one callback for each of so many pending payments, and asserts that every one of them was settled. */
export async function measureCallbacks(
  name: 'floor' | 'lango' | 'recipe',
  { url, payments, connections, perSecond }: Load,
): Promise<Measured> {
  const databaseUrl = await freshDatabase(url, name)
  const database = connect(databaseUrl)
  await migrate(database)
  const requests = await prepare(database, payments)
  const server = fork(new URL(`./floor/${name}.ts`, import.meta.url), {
    env: { ...process.env, BENCH_DATABASE_URL: databaseUrl, BENCH_SECRET_KEY: secretKey },
  })
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }]
    const loaded = perSecond ? await pace(port, requests, perSecond) : await flood(port, requests, connections)
    const { settled, money } = await database.one<{ settled: number; money: number }>(sql`
      select (select count(*) from payments where status = 'completed') as settled,
        (select count(*) from money_in where payment_id is not null) as money`)
    assert.equal(settled, money)
    assert.equal(settled, payments)
    return { ...loaded, memoryMb: await memoryOf(server) }
  } finally {
    server.kill()
    await database.end()
  }
}

async function memoryOf(server: ChildProcess): Promise<number> {
  server.send('memory')
  const [{ rss }] = (await once(server, 'message')) as [{ rss: number }]
  return rss / 1024 / 1024
}

async function freshDatabase(url: string, name: string): Promise<string> {
  const administrator = connect(url, { connections: 1 })
  const database = `bench_${name}_${process.hrtime.bigint()}`
  await administrator.query(raw(`create database ${database}`))
  await administrator.end()
  const own = new URL(url)
  own.pathname = `/${database}`
  return own.href
}
