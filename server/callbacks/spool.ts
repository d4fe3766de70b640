import { constants } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createBatcher } from '../database/batch.ts'
import { newId, timeOf } from '../id.ts'
import type { Callback } from './callback.ts'
import { readLines, writeLine } from './spool-file.ts'

/** Where callbacks wait on disk while the database is away. */
export type Spool = {
  /** Keeps a callback. When this returns, it survives a power cut. @throws what the disk says when it has no room. */
  keep(callback: Callback): Promise<void>
  /** True from the first callback kept until somebody drains: for so long nobody need ask the database in vain. */
  isFilling(): boolean
  /** How many callbacks wait in the folder, of this process and of others, and since when. */
  state(): Promise<SpoolState>
  /**
   * Hands all that waits to `take`, some hundred at a time, and removes what was taken. `take` answers how many it could not;
   * their file is then put aside, with what cannot be read, for a person. When it throws, everything stays.
   */
  drain(take: (callbacks: Callback[]) => Promise<number>): Promise<{ taken: number; putAside: number }>
}

export type SpoolState = { count: number; oldest_at: Date | null }

const groupSize = 256
const fileBytesMax = 8 * 1024 * 1024
const filling = '.filling'
const closed = '.closed'
const aside = '.damaged'

/**
 * A spool in a folder that any number of nodes may share. Each process appends to a file of its own; whoever finds the database
 * drains them all, so that nothing waits for a process that has died. Two that drain the same file do no harm: the id of a
 * callback is its primary key.
 *
 * A file is drained in three steps: it is renamed, so that its writer sees that it is taken; read to its end; and removed when
 * all of it is committed. A writer looks after every write whether the file is still its own, and if not, writes again.
 */
export function createSpool(folder: string): Spool {
  let file: { path: string; bytes: number } | undefined
  let isFilling = false
  const counts = new Map<string, { bytes: number; count: number }>()

  const append = createBatcher(
    async (callbacks: Callback[]) => {
      isFilling = true
      const content = Buffer.from(callbacks.map(writeLine).join(''))
      let isKept = false
      while (!isKept) isKept = await appendOnce(content, callbacks[0]!.received_at)
      return callbacks.map(() => undefined)
    },
    { size: groupSize },
  )

  /** False when the file was taken away meanwhile: whoever took it may have read it before this was written. */
  async function appendOnce(content: Buffer, at: Date): Promise<boolean> {
    try {
      file ??= await begin(at)
      const { path } = file
      const inode = await appendTo(path, content)
      const isOwn = inode !== undefined && (await ifThere(stat(path)))?.ino === inode
      file.bytes += content.length
      if (!isOwn || file.bytes > fileBytesMax) file = undefined
      return isOwn
    } catch (error) {
      // What was written of it may end in the middle of a line, after which nothing must follow.
      file = undefined
      throw error
    }
  }

  async function begin(at: Date) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, newId(at) + filling)
    await writeFile(path, '', { flag: 'wx', mode: 0o600 })
    await syncFolder(folder)
    return { path, bytes: 0 }
  }

  async function names(): Promise<string[]> {
    const all = (await ifThere(readdir(folder))) ?? []
    return all.filter((name) => name.endsWith(filling) || name.endsWith(closed)).sort()
  }

  async function countOf(name: string): Promise<number> {
    const bytes = (await ifThere(stat(join(folder, name))))?.size ?? 0
    const known = counts.get(name)
    if (known?.bytes === bytes) return known.count
    const count = readLines(await readIfThere(join(folder, name))).callbacks.length
    counts.set(name, { bytes, count })
    return count
  }

  async function drainFile(name: string, take: (callbacks: Callback[]) => Promise<number>) {
    const path = join(folder, name.replace(filling, closed))
    if (name.endsWith(filling)) await ifThere(rename(join(folder, name), path))
    const { callbacks, damaged } = readLines(await readIfThere(path))
    let putAside = damaged
    for (let from = 0; from < callbacks.length; from += groupSize) {
      putAside += await take(callbacks.slice(from, from + groupSize))
    }
    if (putAside > 0) await ifThere(rename(path, path.replace(closed, aside)))
    else await rm(path, { force: true })
    return { taken: callbacks.length, putAside }
  }

  return {
    keep: async (callback) => append(callback),
    isFilling: () => isFilling,
    async state() {
      const waiting = await names()
      for (const name of counts.keys()) if (!waiting.includes(name)) counts.delete(name)
      let count = 0
      for (const name of waiting) count += await countOf(name)
      return { count, oldest_at: count > 0 ? timeOf(waiting[0]!) : null }
    },
    async drain(take) {
      isFilling = false
      const total = { taken: 0, putAside: 0 }
      for (const name of await names()) {
        const { taken, putAside } = await drainFile(name, take)
        total.taken += taken
        total.putAside += putAside
      }
      return total
    },
  }
}

/** Appends, waits until the disk has it, and answers which file it was: undefined when there is none of that name. */
async function appendTo(path: string, content: Buffer): Promise<number | undefined> {
  const handle = await ifThere(open(path, constants.O_WRONLY | constants.O_APPEND))
  try {
    await handle?.appendFile(content)
    await handle?.datasync()
    return (await handle?.stat())?.ino
  } finally {
    await handle?.close()
  }
}

async function readIfThere(path: string): Promise<string> {
  return (await ifThere(readFile(path, 'utf8'))) ?? ''
}

/** Another node of the same home may be faster: what it has taken is no longer there, and that is well. */
async function ifThere<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined
    throw error
  }
}

// The name of a new file is durable only when its folder is. Not every system can do that for a folder.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
