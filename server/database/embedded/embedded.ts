import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'

import { CannotStart } from '../../cannot-start.ts'
import { createCluster, placeData, syncFolder } from './cluster.ts'
import { keepAlive } from './keep-alive.ts'
import { takeLock } from './lock.ts'
import { findBinaries } from './postgres-binaries.ts'
import { postgresUser } from './postgres-user.ts'
import { launch, stopOrphan } from './postmaster.ts'
import { finishReplacing, majorOf } from './replace.ts'

const DATABASE = 'lango'

/** The longest path of a Unix socket that every system takes. */
const SOCKET_PATH_LENGTH_MAX = 103
const SOCKET_PORT = 5432

/** Good for a small machine that PostgreSQL shares with Lango itself. */
const SETTINGS = {
  shared_buffers: '128MB',
  max_connections: '100',
  max_wal_size: '1GB',
  min_wal_size: '128MB',
  checkpoint_timeout: '15min',
  // The statements are short and many. Compiling them costs more than it saves.
  jit: 'off',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** For tests only: a crash of the machine may lose everything. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

export type EmbeddedOptions = {
  /** Holds the data, the password, PostgreSQL's log and the lock. Made when it is missing. */
  directory: string
  /** Listen on 127.0.0.1 at this port. Without it, only a Unix socket inside the data is used, where the system has them. */
  port?: number
  /** Told, in sentences, what takes time or would surprise. */
  log?: (sentence: string) => void
  /** Settings of PostgreSQL that replace or complete Lango's own. */
  settings?: Record<string, string>
  /** The folder of another package with a PostgreSQL, of an older version, than the one that npm installed. */
  programs?: string
  /** False makes a throwaway for tests: fast, not safe in a crash of the machine, and ended by Ctrl-C as its starter is. */
  durable?: boolean
}

export type Embedded = {
  /** For any PostgreSQL driver; the database is `lango`. */
  url: string
  /** Whether this start made the database. */
  firstStart: boolean
  /** Ends PostgreSQL, cutting the connections that are left, and gives the directory free. Safe to call again. */
  stop: () => Promise<void>
}

/**
 * Starts the PostgreSQL that npm installed, on the data in `directory`; the first start makes that data.
 * What a crash left behind, of Lango or of PostgreSQL, is cleared up and recovered. Should PostgreSQL die later, it is brought
 * back at the same address.
 * Throws `CannotStart` when another Lango runs on the same data, and when the system cannot run PostgreSQL.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const directory = resolve(options.directory)
  finishReplacing(directory)
  mkdirSync(directory, { recursive: true })
  const release = await takeLock(join(directory, 'lock'))
  if (typeof release !== 'function') {
    throw new CannotStart(
      `Lango is already running on this data (process ${release.pid}). Stop it, or set LANGO_HOME to another directory.`,
    )
  }
  try {
    return await start({ ...options, directory }, release)
  } catch (error) {
    release()
    throw error
  }
}

async function start(options: EmbeddedOptions, release: () => void): Promise<Embedded> {
  const { directory, durable = true, log = () => {} } = options
  const user = postgresUser(join(directory, 'data'))
  if (user) chmodSync(directory, statSync(directory).mode | 0o011)
  const place = placeData(directory, user)
  const firstStart = !existsSync(place.data)
  const binaries = findBinaries(user, join(place.data, '..'), options.programs)
  if (!firstStart) refuseOther(directory, binaries.major)
  const password = passwordOf(directory, firstStart)

  if (firstStart) {
    log(`Making a new database in ${place.data}.`)
    if (place.link)
      log(`It is there because PostgreSQL's user (${user?.name}) cannot enter ${directory}; data is a link to it.`)
    await createCluster(place, binaries, { user, password, durable })
  }

  const address = await chooseAddress(place.data, options.port)
  const settings = { ...SETTINGS, ...(durable ? {} : NOT_DURABLE), ...address.settings, ...options.settings }
  const url = (database: string) => `postgres://lango:${password}@${address.host}/${database}`
  const run = async (stopping: AbortSignal) => {
    await stopOrphan(place.data, log)
    return launch({
      program: binaries.postgres,
      args: ['-D', place.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      user,
      data: place.data,
      detached: durable,
      logFile: join(directory, 'postgres.log'),
      url: url('postgres'),
      database: DATABASE,
      stopping,
    })
  }
  const postgres = await keepAlive(run, log)
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= postgres.stop().finally(release))
  return { url: url(DATABASE), firstStart, stop }
}

/** PostgreSQL reads the data of its own major version alone, and says so in words that help nobody. */
function refuseOther(directory: string, major: number): void {
  const was = majorOf(directory)
  if (was === major) return
  throw new CannotStart(
    was < major
      ? `The database in ${directory} is of PostgreSQL ${was}, and this Lango brings ${major}. Bring it over with: lango migrate --postgres`
      : `The database in ${directory} is of PostgreSQL ${was}, and this Lango brings ${major}, which is older. Use the newer Lango again.`,
  )
}

/** The password never leaves this machine. It keeps other users of the system out, also where only a port can be used. */
function passwordOf(directory: string, firstStart: boolean): string {
  const file = join(directory, 'password')
  if (existsSync(file)) return readFileSync(file, 'utf8')
  if (!firstStart) throw new CannotStart(`${file}, which holds the database's password, is missing. Bring it back.`)
  const password = randomBytes(24).toString('hex')
  writeFileSync(file, password, { mode: 0o600, flush: true })
  syncFolder(directory)
  return password
}

async function chooseAddress(data: string, port: number | undefined) {
  const socket = join(data, `.s.PGSQL.${SOCKET_PORT}`)
  if (port === undefined && process.platform !== 'win32' && Buffer.byteLength(socket) <= SOCKET_PATH_LENGTH_MAX) {
    const settings = { listen_addresses: '', unix_socket_directories: data, port: String(SOCKET_PORT) }
    return { host: `${encodeURIComponent(data)}:${SOCKET_PORT}`, settings }
  }
  const chosen = port ?? (await freePort())
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(chosen) }
  return { host: `127.0.0.1:${chosen}`, settings }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
