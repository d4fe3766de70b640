import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

import { isSameProcess, thisProcess } from './process.ts'
import type { ProcessName } from './process.ts'

/** Long enough for another process that found the same abandoned lock to have written its own name into it. */
const CONTEST_MS = 50

/** Gives the lock up. Safe to call any number of times. */
export type Release = () => void

/**
 * Takes the lock that this file stands for, or answers who holds it. The lock of a process that has died is taken over:
 * the file names its process by id and moment of start, so that another process with the same id is not mistaken for it.
 */
export async function takeLock(path: string): Promise<Release | ProcessName> {
  const own = JSON.stringify(thisProcess())
  if (!writeNew(path, own)) {
    const holder = readHolder(path)
    if (holder && isSameProcess(holder)) return holder
    replace(path, own)
    await wait(CONTEST_MS)
    const winner = readHolder(path)
    if (winner && winner.pid !== process.pid) return winner
  }
  return () => {
    if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true })
  }
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
function readHolder(path: string): ProcessName | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessName
  } catch {
    return undefined
  }
}
