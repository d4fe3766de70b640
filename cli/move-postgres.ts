import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  bringUpToDate,
  examineInvariants,
  installedMajor,
  majorOf,
  readSecretKey,
  replaceDatabase,
  replacementOf,
  restoreBackup,
  saveBackup,
  startEmbedded,
} from '@lango/server'
import type { Finding, Settings } from '@lango/server'
import { fetchPostgres } from './fetch-postgres.ts'
import { databaseFolder, findRunning, secretKeyOf } from './home.ts'
import { onDatabase } from './installation.ts'

/** What was moved, where the old database is kept, and what the doctor finds in the new one. */
export type Moved = { from: number; to: number; rows: number; kept: string; findings: Finding[] }

type Wish = { programs?: string; say(sentence: string): void }

/**
 * Brings the embedded database to the major version of PostgreSQL that this Lango has: everything is read out by the version that it
 * is of, put into a new one, compared row by row, and examined. Only then does the new one take its place; the old one is kept.
 * Undefined where nothing is to be done.
 * @throws a sentence when it cannot be done; then everything is as it was.
 */
export async function movePostgres(settings: Settings, { programs, say }: Wish): Promise<Moved | undefined> {
  const directory = resolve(databaseFolder(settings))
  const [from, to] = [majorOf(directory), installedMajor()]
  if (from === to) return undefined
  if (findRunning(settings)) throw new Error(`Lango runs in ${settings.LANGO_HOME}. Stop it first.`)
  const key = { secretKey: readSecretKey(secretKeyOf(settings)) }
  const file = join(settings.LANGO_HOME, `postgresql-${from}.backup`)
  const replacement = replacementOf(directory)
  rmSync(replacement, { recursive: true, force: true })
  try {
    say(`Reading out what PostgreSQL ${from} holds.`)
    const folder = programs ?? (await fetchPostgres(join(settings.LANGO_HOME, `postgresql-${from}`), from, say))
    const rows = await withEmbedded({ directory, programs: folder }, async (url) => {
      await bringUpToDate(url)
      return onDatabase(url, settings, (context) => saveBackup(context, { url, file, key, isQuick: true }))
    }).then((saved) => saved.rows)
    say(`Putting ${rows} rows into PostgreSQL ${to}.`)
    const findings = await withEmbedded({ directory: replacement }, async (url) => {
      await restoreBackup(url, { file, key })
      return onDatabase(url, settings, (context) => examineInvariants(context))
    })
    const kept = replaceDatabase(directory)
    return { from, to, rows, kept, findings }
  } catch (error) {
    rmSync(replacement, { recursive: true, force: true })
    throw error
  } finally {
    rmSync(file, { force: true })
  }
}

async function withEmbedded<Result>(
  options: { directory: string; programs?: string },
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const embedded = await startEmbedded(options)
  try {
    return await work(embedded.url)
  } finally {
    await embedded.stop()
  }
}
