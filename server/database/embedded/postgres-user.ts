import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const READ = 4
const ENTER = 1

/** The system user that PostgreSQL runs as. */
export type PostgresUser = { name: string; uid: number; gid: number }

/**
 * The user to run PostgreSQL as when Lango runs as root, which PostgreSQL refuses to do: whoever owns the data already,
 * else `postgres`, else `nobody`. Undefined when Lango runs as an ordinary user, and PostgreSQL runs as the same.
 */
export function postgresUser(dataDirectory: string): PostgresUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const owner = statSync(dataDirectory, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid }
  return systemUser('postgres') ?? systemUser('nobody') ?? { name: 'user 65534', uid: 65534, gid: 65534 }
}

/** Whether this user can get into a folder: it and every folder above it must let the user through. */
export function canEnter(folder: string, user: PostgresUser | undefined): boolean {
  if (!user) return true
  for (let path = realpathSync(folder); ; path = dirname(path)) {
    if (!allows(path, user, ENTER)) return false
    if (path === dirname(path)) return true
  }
}

/** Whether this user can use what lies in a folder. */
export function canUse(folder: string, user: PostgresUser | undefined): boolean {
  return canEnter(folder, user) && (!user || allows(folder, user, READ | ENTER))
}

function allows(path: string, user: PostgresUser, bits: number): boolean {
  const { mode, uid, gid } = statSync(path)
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0
  return ((mode >> shift) & bits) === bits
}

function systemUser(name: string): PostgresUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : undefined
}
