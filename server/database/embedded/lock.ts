import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { isSameProcess, thisProcess } from './process.ts'
import type { ProcessName } from './process.ts'

const ATTEMPTS_MAX = 5
const WAIT_MS_MAX = 50

/** Gives the lock up. Safe to call any number of times. */
export type Release = () => void

/**
 * Takes the lock that this path stands for, or answers who holds it. Whoever wants it makes a file of its own beside it, and only then
 * looks for those of others: of two that begin at once at least one sees the other, and gives way. So nobody ever takes a file from
 * another, and what the dead have left is in nobody's way: the name of a file is that of its process, by id and moment of start, which
 * is nobody else's for ever.
 */
export async function takeLock(path: string): Promise<Release | ProcessName> {
  const own = thisProcess()
  const claim = `${path}.${nameOf(own)}`
  const release = () => rmSync(claim, { force: true })
  for (let attempt = 1; ; attempt++) {
    if (!makeNew(claim)) return own
    const other = findOther(path, claim)
    if (!other) return release
    release()
    if (attempt === ATTEMPTS_MAX) return other
    // Both may have given way.
    await wait(Math.random() * WAIT_MS_MAX)
  }
}

const nameOf = (process: ProcessName) => Buffer.from(JSON.stringify(process)).toString('base64url')

function makeNew(path: string): boolean {
  try {
    writeFileSync(path, '', { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Another process that lives and has made a file; the files of those that have died are cleared away. */
function findOther(path: string, own: string): ProcessName | undefined {
  const older = olderHolder(path)
  if (older && isSameProcess(older)) return older
  for (const file of readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.`))) {
    const claim = join(dirname(path), file)
    if (claim === own) continue
    const other = read(Buffer.from(file.slice(basename(path).length + 1), 'base64url').toString())
    if (other && isSameProcess(other)) return other
    rmSync(claim, { force: true })
  }
}

/** Whom the one file of the version before names. */
function olderHolder(path: string): ProcessName | undefined {
  try {
    return read(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function read(text: string): ProcessName | undefined {
  try {
    return JSON.parse(text) as ProcessName
  } catch {
    return undefined
  }
}
