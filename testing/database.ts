import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startEmbedded } from '../server/database/embedded/embedded.ts'
import { migrate } from '../server/database/migrate.ts'
import { makePartitions } from '../server/database/partitions.ts'
import { connect, raw, sql } from '../server/database/sql.ts'
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

let cluster: Promise<{ url: string }> | undefined

/**
 * Makes an empty, migrated database for one test or one file of tests, in some 150 ms: a copy of a template's files.
 * In `npm test` all files share one PostgreSQL; a file that is run by itself starts its own and ends it.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url } = await (cluster ??= sharedCluster() ?? ownCluster())
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(url, `create database ${name} template ${TEMPLATE} strategy file_copy`)
  return {
    url: databaseUrl(url, name),
    drop: () => administer(url, `drop database if exists ${name} with (force)`),
  }
}

/** A database with nothing in it. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const { url } = await (cluster ??= sharedCluster() ?? ownCluster())
  const name = `empty_${randomBytes(6).toString('hex')}`
  await administer(url, `create database ${name} template template0`)
  return {
    url: databaseUrl(url, name),
    drop: () => administer(url, `drop database if exists ${name} with (force)`),
  }
}

/** The address of a database that a test has open. */
export async function urlOf(database: Queryable): Promise<string> {
  const { url } = await (cluster ??= sharedCluster() ?? ownCluster())
  const { name } = await database.one<{ name: string }>(sql`select current_database() as name`)
  return databaseUrl(url, name)
}

/** Starts a PostgreSQL for tests, with the template in it. Not safe in a crash, and fast. */
export async function startTestCluster(): Promise<{ url: string; stop: () => Promise<void> }> {
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

function sharedCluster(): Promise<{ url: string }> | undefined {
  const url = process.env[SHARED_URL]
  return url ? Promise.resolve({ url }) : undefined
}

async function ownCluster(): Promise<{ url: string }> {
  const own = await startTestCluster()
  process.once('beforeExit', () => void own.stop())
  return own
}

async function makeTemplate(url: string): Promise<void> {
  await administer(url, `create database ${TEMPLATE}`)
  const template = connect(databaseUrl(url, TEMPLATE), { connections: 1 })
  try {
    await migrate(template)
    // Those of the month in which stories begin: making them takes longer than copying them.
    await makePartitions(template, storyBeginsAt)
  } finally {
    await template.end()
  }
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
