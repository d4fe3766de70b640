import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Callback } from './callback.ts'
import { readLines } from './spool-file.ts'
import { aside, closed, filling, groupSize, ifThere, readIfThere } from './spool-folder.ts'

/** Hands all that one file holds to `take`, and removes the file, or puts it aside. When `take` throws, it stays. */
export async function drainFile(
  file: { folder: string; name: string },
  take: (callbacks: Callback[]) => Promise<number>,
): Promise<{ taken: number; putAside: number }> {
  const { folder, name } = file
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
