import { execFile } from 'node:child_process'
import { chmodSync, chownSync, closeSync, existsSync, fsyncSync, lstatSync, mkdirSync, mkdtempSync } from 'node:fs'
import { openSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { CannotStart } from '../../cannot-start.ts'
import type { Binaries } from './postgres-binaries.ts'
import { canEnter } from './postgres-user.ts'
import type { PostgresUser } from './postgres-user.ts'

/** Where root's data goes when PostgreSQL's user cannot reach the directory that was asked for. */
const ELSEWHERE = '/var/lib/lango'

/** A folder for PostgreSQL's data: where it is, and the link that leads there when it had to be elsewhere. */
export type Place = { data: string; link?: string }

/** Decides where the data of this directory is, or shall be. */
export function placeData(directory: string, user: PostgresUser | undefined): Place {
  const path = join(directory, 'data')
  if (lstatSync(path, { throwIfNoEntry: false })) return placeOfExisting(path, user)
  if (canEnter(directory, user)) return { data: join(realpathSync(directory), 'data') }
  try {
    if (mkdirSync(ELSEWHERE, { recursive: true })) chmodSync(ELSEWHERE, 0o755)
    const folder = mkdtempSync(join(ELSEWHERE, 'data-'))
    chmodSync(folder, 0o711)
    if (canEnter(folder, user)) return { data: join(folder, 'data'), link: path }
  } catch {
    // Said below, in the words for whoever started Lango.
  }
  throw unreachable(directory, user)
}

function placeOfExisting(path: string, user: PostgresUser | undefined): Place {
  if (!existsSync(path)) {
    throw new CannotStart(`The data that ${path} leads to is gone. Bring it back, or remove ${path} to begin anew.`)
  }
  const data = realpathSync(path)
  const owner = lstatSync(data).uid
  if (!user && process.getuid && owner !== process.getuid()) {
    throw new CannotStart(
      `The data in ${data} belongs to another user (uid ${owner}): start Lango as that user or as root.`,
    )
  }
  if (!canEnter(data, user)) throw unreachable(data, user)
  return { data }
}

function unreachable(path: string, user: PostgresUser | undefined): CannotStart {
  return new CannotStart(
    `PostgreSQL does not run as root, and the user it runs as instead (${user?.name}) cannot reach ${path}: ` +
      'start Lango as another user, or set LANGO_HOME to a directory that everyone may enter, such as /srv/lango.',
  )
}

/** Letters in order of their code points, and capitals of all of them, whatever the system's own locales know. */
const builtinLocale = ['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8']

/**
 * Makes a new, empty cluster. It appears under its name only when it is complete, so that a start that was cut short
 * is simply done again.
 */
export async function createCluster(
  place: Place,
  binaries: Binaries,
  options: { user: PostgresUser | undefined; password: string; durable: boolean },
): Promise<void> {
  const { user, password, durable } = options
  const unfinished = `${place.data}.unfinished`
  const passwordFile = `${place.data}.password`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user) for (const path of [unfinished, passwordFile]) chownSync(path, user.uid, user.gid)
  const words = [
    ['--pgdata', unfinished, '--username', 'lango', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ['--encoding', 'UTF8', '--locale', 'C', ...(binaries.major >= 17 ? builtinLocale : [])],
    durable ? [] : ['--no-sync'],
  ]
  try {
    await promisify(execFile)(binaries.initdb, words.flat(), { ...asUser(user), cwd: unfinished })
  } catch (error) {
    throw new CannotStart(
      `PostgreSQL could not be set up in ${place.data}: ${firstLine(error)} ` +
        'Put this right, or set DATABASE_URL to a PostgreSQL 15 or newer.',
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(unfinished, place.data)
  syncFolder(dirname(place.data))
  if (place.link) symlinkSync(place.data, place.link)
}

/** Makes sure that what was just made or renamed in a folder is still there after a power cut. */
export function syncFolder(folder: string): void {
  // Windows opens no folders.
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

/** How a program of PostgreSQL is run: as its own user, and untouched by settings meant for other programs. */
export function asUser(user: PostgresUser | undefined) {
  const { PATH, SystemRoot } = process.env
  return { uid: user?.uid, gid: user?.gid, env: { PATH, SystemRoot, LC_ALL: 'C', TZ: 'UTC' } }
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string }
  return (stderr?.trim() || message).replace(/^initdb: error: /, '').split('\n', 1)[0] ?? ''
}
