import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createBatcher } from '../database/batch.ts'
import { timeOf } from '../id.ts'
import type { Callback } from './callback.ts'
import { drainFile } from './spool-drain.ts'
import { readLines, writeLine } from './spool-file.ts'
import { groupSize, ifThere, readIfThere, waitingIn } from './spool-folder.ts'
import { createSpoolWriter } from './spool-writer.ts'

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

/**
 * A spool in a folder that any number of nodes may share. Each process appends to a file of its own; whoever finds the database
 * drains them all, so that nothing waits for a process that has died. Two that drain the same file do no harm: the id of a
 * callback is its primary key.
 *
 * A file is drained in three steps: it is renamed, so that its writer sees that it is taken; read to its end; and removed when
 * all of it is committed. A writer looks after every write whether the file is still its own, and if not, writes again.
 */
export function createSpool(folder: string): Spool {
  let isFilling = false
  const write = createSpoolWriter(folder)
  const countIn = createCounter(folder)
  const append = createBatcher(
    async (callbacks: Callback[]) => {
      isFilling = true
      await write(Buffer.from(callbacks.map(writeLine).join('')), callbacks[0]!.received_at)
      return callbacks.map(() => undefined)
    },
    { size: groupSize },
  )

  return {
    keep: async (callback) => append(callback),
    isFilling: () => isFilling,
    async state() {
      const waiting = await waitingIn(folder)
      const count = await countIn(waiting)
      return { count, oldest_at: count > 0 ? timeOf(waiting[0]!) : null }
    },
    async drain(take) {
      isFilling = false
      const total = { taken: 0, putAside: 0 }
      for (const name of await waitingIn(folder)) {
        const { taken, putAside } = await drainFile({ folder, name }, take)
        total.taken += taken
        total.putAside += putAside
      }
      return total
    },
  }
}

/** Counts the callbacks in files. A file is read again only when it has grown. */
function createCounter(folder: string): (names: string[]) => Promise<number> {
  const counts = new Map<string, { bytes: number; count: number }>()

  return async (names) => {
    for (const name of counts.keys()) if (!names.includes(name)) counts.delete(name)
    let count = 0
    for (const name of names) count += await countOf(name)
    return count
  }

  async function countOf(name: string): Promise<number> {
    const bytes = (await ifThere(stat(join(folder, name))))?.size ?? 0
    const known = counts.get(name)
    if (known?.bytes === bytes) return known.count
    const count = readLines(await readIfThere(join(folder, name))).callbacks.length
    counts.set(name, { bytes, count })
    return count
  }
}
