import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

import { isRunning, startIdentity } from './process.ts'

/** Long enough for another process that found the same abandoned lock to have written its own name into it. */
const CONTEST_MS = 50

/** The process that holds the lock. */
export type Holder = { pid: number; started: string | undefined }

/** Gives the lock up. Safe to call any number of times. */
export type Release = () => void

/**
 * Takes the lock that this file stands for, or answers who holds it. The lock of a process that has died is taken over:
 * the file names its process by id and moment of start, so that another process with the same id is not mistaken for it.
 */
export async function takeLock(path: string): Promise<Release | Holder> {
  const own = JSON.stringify({ pid: process.pid, started: startIdentity(process.pid) })
  if (!writeNew(path, own)) {
    const holder = readHolder(path)
    if (holder && isAlive(holder)) return holder
    replace(path, own)
    await wait(CONTEST_MS)
    const winner = readHolder(path)
    if (winner && winner.pid !== process.pid) return winner
  }
  return () => {
    if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true })
  }
}

function isAlive(holder: Holder): boolean {
  return isRunning(holder.pid) && startIdentity(holder.pid) === holder.started
}

function writeNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function replace(path: string, text: string): void {
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, text)
  renameSync(fresh, path)
}

/** The holder the file names; undefined when it is gone, or was cut short by a crash while it was written. */
function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return undefined
  }
}
