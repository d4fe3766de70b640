import { existsSync, readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { syncFolder } from './cluster.ts'

/** Where the database that is to take another's place is made. */
export const replacementOf = (directory: string) => `${directory}.new`

/** The major version of PostgreSQL that the data in `directory` is of. */
export function majorOf(directory: string): number {
  return Number.parseInt(readFileSync(join(directory, 'data', 'PG_VERSION'), 'utf8'), 10)
}

/**
 * Puts the replacement, which is whole and proven, in the place of the database, and keeps that beside it. Answers where. Of both
 * no process may be running. What is cut off in between is finished by the next start.
 */
export function replaceDatabase(directory: string): string {
  const kept = `${directory}-postgresql-${majorOf(directory)}`
  renameSync(directory, kept)
  finishReplacing(directory)
  return kept
}

/** The database is moved away only when its replacement is whole: one that is not there is in the replacement. */
export function finishReplacing(directory: string): void {
  const replacement = replacementOf(directory)
  if (existsSync(directory) || !existsSync(replacement)) return
  renameSync(replacement, directory)
  syncFolder(dirname(directory))
}
