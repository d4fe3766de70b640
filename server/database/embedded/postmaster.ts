import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { Client, escapeIdentifier } from 'pg'

import { CannotStart } from '../../cannot-start.ts'
import { asUser } from './cluster.ts'
import type { PostgresUser } from './postgres-user.ts'
import { workingDirectory } from './process.ts'

/** Recovery after a crash is part of a start, and may have much to read. */
const START_TIMEOUT_MS = 600_000
const STOP_TIMEOUT_MS = 60_000
const POLL_MS = 10

export type Launch = {
  program: string
  args: string[]
  user: PostgresUser | undefined
  data: string
  /** In a process group of its own, so that Ctrl-C in a terminal reaches Lango alone, which ends PostgreSQL last. */
  detached: boolean
  logFile: string
  /** Where it will answer, and the database it shall have when it does. */
  url: string
  database: string
  /** Gives up, and ends what it has begun. */
  stopping: AbortSignal
}

/** Runs PostgreSQL until it answers. Tries again while what died in a crash has not yet let go of its memory. */
export async function launch(options: Launch): Promise<ChildProcess> {
  const timeout = AbortSignal.any([AbortSignal.timeout(START_TIMEOUT_MS), options.stopping])
  for (;;) {
    const logged = statSync(options.logFile, { throwIfNoEntry: false })?.size ?? 0
    const postgres = run(options)
    const ready = await answers(postgres, options, timeout).catch(async (error: unknown) => {
      await shutDown(postgres)
      throw error
    })
    if (ready) {
      // PostgreSQL does not keep the program alive: whoever started it calls stop.
      postgres.unref()
      return postgres
    }
    const reason = readFileSync(options.logFile).subarray(logged).toString()
    if (!timeout.aborted && reason.includes('pre-existing shared memory block')) {
      await wait(10 * POLL_MS)
      continue
    }
    await shutDown(postgres)
    throw new CannotStart(`PostgreSQL did not start. ${lastError(reason)} (The log is ${options.logFile}.)`)
  }
}

function run({ program, args, user, data, detached, logFile }: Launch): ChildProcess {
  const output = openSync(logFile, 'a', 0o600)
  try {
    return spawn(program, args, { ...asUser(user), cwd: data, detached, stdio: ['ignore', output, output] })
  } finally {
    closeSync(output)
  }
}

/** Waits until PostgreSQL takes connections and has the database; false when it ended, or the time is over. */
async function answers(postgres: ChildProcess, { url, database }: Launch, timeout: AbortSignal): Promise<boolean> {
  const failed = once(postgres, 'error').then(([error]) => Promise.reject(error as Error))
  failed.catch(() => {})
  while (isUp(postgres) && !timeout.aborted) {
    const client = new Client(url)
    client.on('error', () => {})
    try {
      await Promise.race([client.connect(), failed])
      await ensureDatabase(client, database)
      return true
    } catch (error) {
      if (!isComingUp(error)) throw error
    } finally {
      await client.end()
    }
    await wait(POLL_MS)
  }
  return false
}

function isComingUp(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ECONNRESET' || code === '57P03'
}

async function ensureDatabase(client: Client, database: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
  if (!rowCount) await client.query(`create database ${escapeIdentifier(database)}`)
}

function isUp(postgres: ChildProcess): boolean {
  return postgres.exitCode === null && postgres.signalCode === null
}

/** SIGINT is PostgreSQL's "fast shutdown"; SIGQUIT, should that take too long, leaves the rest to recovery. */
export async function shutDown(postgres: ChildProcess): Promise<void> {
  if (!isUp(postgres) || postgres.pid === undefined) return
  postgres.ref()
  const ended = once(postgres, 'exit')
  postgres.kill('SIGINT')
  const impatience = setTimeout(() => postgres.kill('SIGQUIT'), STOP_TIMEOUT_MS)
  await ended
  clearTimeout(impatience)
}

function lastError(log: string): string {
  const lines = log.split('\n').filter((line) => /(FATAL|ERROR|PANIC):/.test(line))
  return (lines.at(-1) ?? log.trim().split('\n').at(-1) ?? '').replace(/^.*?(FATAL|ERROR|PANIC): +/, '')
}

/** After a crash of Lango its PostgreSQL still runs, with settings and a port of then. This ends it in good order. */
export async function stopOrphan(data: string, log: (sentence: string) => void): Promise<void> {
  const claim = join(data, 'postmaster.pid')
  if (!existsSync(claim)) return
  const pid = Number.parseInt(readFileSync(claim, 'utf8'))
  if (workingDirectory(pid) !== data) return clearClaims(data)
  log(`Stopping the PostgreSQL that a crash left running (process ${pid}).`)
  process.kill(pid, 'SIGINT')
  const timeout = AbortSignal.timeout(STOP_TIMEOUT_MS)
  while (workingDirectory(pid) === data) {
    if (timeout.aborted) throw new CannotStart(`Process ${pid}, a PostgreSQL, does not stop. End it, and start again.`)
    await wait(POLL_MS)
  }
}

/**
 * A PostgreSQL that died leaves files that name its process. By now that id may be another program's, which the next
 * one would take for its predecessor. Its parent's id it passes over, and still looks for processes that use the memory
 * of the one that died: so the claim is changed and not removed.
 */
function clearClaims(data: string): void {
  const claim = join(data, 'postmaster.pid')
  writeFileSync(claim, readFileSync(claim, 'utf8').replace(/^\d+/, String(process.pid)))
  for (const name of readdirSync(data)) if (name.startsWith('.s.PGSQL.')) rmSync(join(data, name))
}
