import { readFile, readdir } from 'node:fs/promises'

/** The ends of the names of files: one that its writer has, one that is being drained, and one that is put aside for a person. */
export const filling = '.filling'
export const closed = '.closed'
export const aside = '.damaged'

/** How many callbacks are written, or handed on, at once. */
export const groupSize = 256

/** The files in a folder that wait to be drained, oldest first. */
export async function waitingIn(folder: string): Promise<string[]> {
  const all = (await ifThere(readdir(folder))) ?? []
  return all.filter((name) => name.endsWith(filling) || name.endsWith(closed)).sort()
}

/** What a file holds, and nothing when it is gone. */
export async function readIfThere(path: string): Promise<string> {
  return (await ifThere(readFile(path, 'utf8'))) ?? ''
}

/** Another node of the same home may be faster: what it has taken is no longer there, and that is well. */
export async function ifThere<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined
    throw error
  }
}
