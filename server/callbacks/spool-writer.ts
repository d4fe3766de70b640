import { constants } from 'node:fs'
import { mkdir, open, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newId } from '../id.ts'
import { filling, ifThere } from './spool-folder.ts'

const fileBytesMax = 8 * 1024 * 1024

/** Appends lines to a file of this process's own in the folder. When it returns, the disk has them, and they wait for whoever drains. */
export type SpoolWriter = (content: Buffer, at: Date) => Promise<void>

export function createSpoolWriter(folder: string): SpoolWriter {
  let file: { path: string; bytes: number } | undefined

  return async (content, at) => {
    let isKept = false
    while (!isKept) isKept = await appendOnce(content, at)
  }

  /** False when the file was taken away meanwhile: whoever took it may have read it before this was written. */
  async function appendOnce(content: Buffer, at: Date): Promise<boolean> {
    try {
      file ??= await begin(folder, at)
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
}

async function begin(folder: string, at: Date) {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, newId(at) + filling)
  await writeFile(path, '', { flag: 'wx', mode: 0o600 })
  await syncFolder(folder)
  return { path, bytes: 0 }
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

// The name of a new file is durable only when its folder is. Not every system can do that for a folder.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
