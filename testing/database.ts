import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startEmbedded } from '../server/database/embedded/embedded.ts'
import { distribute } from '../server/database/distribute.ts'
import { migrate } from '../server/database/migrate.ts'
import { makePartitions } from '../server/database/partitions.ts'
import { connect } from '../server/database/connect.ts'
import { raw, sql } from '../server/database/sql.ts'
import type { Queryable } from '../server/database/sql.ts'

/** When stories begin, unless they say otherwise. */
export const storyBeginsAt = new Date('2026-11-20T11:30:00Z')

const TEMPLATE = 'lango_template'

/** How a run of many test files tells each of them where the cluster is that they share. */
const SHARED_URL = 'LANGO_TEST_DATABASE_URL'

/** Names the folder of another package with a PostgreSQL, for a run of the suite on an older one. */
export const programsForTests = 'LANGO_TEST_PROGRAMS'

export type TestDatabase = {
  url: string
  /** Removes the database, cutting connections that are still open. */
  drop: () => Promise<void>
}

/** `url` is where tests connect to. On a Citus a database is one of each name on each of its machines. */
type Cluster = { url: string; machines: string[] }

let cluster: Promise<Cluster> | undefined

/**
 * Makes an empty, migrated database for one test or one file of tests, in some 150 ms: a copy of a template's files.
 * In `npm test` all files share one PostgreSQL; a file that is run by itself starts its own and ends it.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, machines } = await (cluster ??= sharedCluster() ?? ownCluster())
  const name = `test_${randomBytes(6).toString('hex')}`
  await onEach(machines, `create database ${name} template ${TEMPLATE} strategy file_copy`)
  return {
    url: databaseUrl(url, name),
    drop: () => dropDatabase(machines, name),
  }
}

/** A database with nothing in it. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const { url } = await (cluster ??= sharedCluster() ?? ownCluster())
  const name = `empty_${randomBytes(6).toString('hex')}`
  await administer(url, `create database ${name} template template0`)
  return {
    url: databaseUrl(url, name),
    drop: () => dropDatabase([url], name),
  }
}

/** The address of a database that a test has open. */
export async function urlOf(database: Queryable): Promise<string> {
  const { url } = await (cluster ??= sharedCluster() ?? ownCluster())
  const { name } = await database.one<{ name: string }>(sql`select current_database() as name`)
  return databaseUrl(url, name)
}

/**
 * Starts a PostgreSQL for tests, with the template in it. Not safe in a crash, and fast. Where CITUS_URL leads to the coordinator of a
 * Citus that knows its workers, tests run there instead, on distributed tables.
 */
export async function startTestCluster(): Promise<{ url: string; stop: () => Promise<void> }> {
  const citus = process.env['CITUS_URL']
  if (citus) {
    const machines = await machinesOf(citus)
    await makeDistributedTemplate(citus, machines)
    return { url: citus, stop: () => dropDatabase(machines, TEMPLATE) }
  }
  const directory = mkdtempSync(join(tmpdir(), 'lango-test-'))
  const embedded = await startEmbedded({
    directory,
    durable: false,
    settings: { max_connections: '200' },
    programs: process.env[programsForTests],
  })
  const stop = async () => {
    await embedded.stop()
    rmSync(directory, { recursive: true })
  }
  try {
    await makeTemplate(embedded.url)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: embedded.url, stop }
}

/** Lets the test files of this run, which are processes of their own, share the cluster. */
export function shareCluster(url: string): void {
  process.env[SHARED_URL] = url
}

function sharedCluster(): Promise<Cluster> | undefined {
  const url = process.env[SHARED_URL]
  return url ? clusterAt(url) : undefined
}

async function ownCluster(): Promise<Cluster> {
  const own = await startTestCluster()
  process.once('beforeExit', () => void own.stop())
  return clusterAt(own.url)
}

async function clusterAt(url: string): Promise<Cluster> {
  return { url, machines: process.env['CITUS_URL'] ? await machinesOf(url) : [url] }
}

async function makeTemplate(url: string): Promise<void> {
  await administer(url, `create database ${TEMPLATE}`)
  const template = connect(databaseUrl(url, TEMPLATE), { connections: 2 })
  try {
    await migrate(template)
    // Those of the month in which stories begin: making them takes longer than copying them.
    await makePartitions(template, storyBeginsAt)
  } finally {
    await template.end()
  }
}

/** The coordinator of a Citus, and its workers. */
async function machinesOf(coordinator: string): Promise<string[]> {
  const database = connect(coordinator, { connections: 1 })
  try {
    const workers = await database.query<{ host: string; port: number }>(
      sql`select nodename as host, nodeport as port from pg_dist_node where isactive and groupid <> 0 order by nodeid`,
    )
    return [coordinator, ...workers.map((worker) => Object.assign(new URL(coordinator), worker).href)]
  } finally {
    await database.end()
  }
}

async function makeDistributedTemplate(coordinator: string, machines: string[]): Promise<void> {
  await dropDatabase(machines, TEMPLATE)
  await onEach(machines, `create database ${TEMPLATE}`)
  const templates = machines.map((machine) => databaseUrl(machine, TEMPLATE))
  await onEach(templates, 'create extension citus')
  const { hostname, port } = new URL(coordinator)
  await administer(templates[0]!, `select citus_set_coordinator_host('${hostname}', ${port || 5432})`)
  for (const worker of machines.slice(1).map((machine) => new URL(machine)))
    await administer(templates[0]!, `select citus_add_node('${worker.hostname}', ${worker.port || 5432})`)
  const template = connect(templates[0]!, { connections: 2 })
  try {
    await migrate(template)
    await makePartitions(template, storyBeginsAt)
    await distribute(template)
  } finally {
    await template.end()
  }
  // Citus keeps a process in each of its databases, and one that somebody is in cannot be copied.
  await onEach(machines, `alter database ${TEMPLATE} with allow_connections false`)
  await onEach(machines, `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${TEMPLATE}'`)
}

/** PostgreSQL gives those whom it throws out five seconds to go; on a busy machine that takes them longer, and it is asked again. */
async function dropDatabase(machines: string[], name: string, tries = 12): Promise<void> {
  try {
    await onEach(machines, `drop database if exists ${name} with (force)`)
  } catch (error) {
    if ((error as { code?: string }).code !== '55006' || tries === 1) throw error
    await dropDatabase(machines, name, tries - 1)
  }
}

async function onEach(machines: string[], statement: string): Promise<void> {
  await Promise.all(machines.map((machine) => administer(machine, statement)))
}

async function administer(url: string, statement: string): Promise<void> {
  const database = connect(url, { connections: 1 })
  try {
    await database.query(raw(statement))
  } finally {
    await database.end()
  }
}

function databaseUrl(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}
