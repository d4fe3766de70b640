import { fork } from 'node:child_process'
import { once } from 'node:events'
import { migrate } from '../server/database/migrate.ts'
import { makePartitions } from '../server/database/partitions.ts'
import { connect } from '../server/database/connect.ts'
import { raw, sql } from '../server/database/sql.ts'
import type { Database } from '../server/database/sql.ts'
import { costOf, parentOf, spend } from './cost.ts'
import { secretKey } from './prepare.ts'

export type ServerName = 'floor' | 'lango' | 'recipe' | 'whole'

/** What one operation cost each process, in microseconds of CPU, and the memory of the server at the end. */
export type Spent = { serverUs: number; postgresUs: number; generatorUs: number; memoryMb: number }

/** One server and its database. */
export type Served = {
  port: number
  database: Database
  /** What the work cost, for each of so many operations. */
  spend<Result>(operations: number, work: () => Promise<Result>): Promise<Result & Spent>
}

/** Starts a server of its own process on a fresh database, or on a filled one, and ends it, whatever becomes of the work. */
export async function serve<Result>(
  name: ServerName,
  { url, env = {}, isFilled = false }: { url: string; env?: Record<string, string>; isFilled?: boolean },
  fill: (database: Database) => Promise<void>,
  work: (served: Served) => Promise<Result>,
): Promise<Result> {
  const databaseUrl = isFilled ? url : await freshDatabase(url, name)
  const database = connect(databaseUrl)
  await migrate(database)
  await makePartitions(database, new Date())
  await fill(database)
  const server = fork(new URL(`./floor/${name}.ts`, import.meta.url), {
    env: { ...process.env, ...env, BENCH_DATABASE_URL: databaseUrl, BENCH_SECRET_KEY: secretKey },
  })
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }]
    const { pid } = await database.one<{ pid: number }>(sql`select pg_backend_pid() as pid`)
    const pids = [server.pid!, parentOf(pid), process.pid]
    return await work({
      port,
      database,
      async spend(operations, run) {
        const { result, us } = await spend(pids, operations, run)
        const [serverUs, postgresUs, generatorUs] = us as [number, number, number]
        return { ...result, serverUs, postgresUs, generatorUs, memoryMb: costOf(server.pid!).memoryMb }
      },
    })
  } finally {
    server.kill()
    await database.end()
  }
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
