import { readFileSync } from 'node:fs'
import { readSecretKey } from '@lango/server'
import type { BackupKey } from '@lango/server'
import { UsageError } from './command.ts'

export const passphraseOption = {
  takes: '<file>',
  what: 'closes or opens it with the text of this file in place of the secret key; - is the standard input',
} as const

const lengthMin = 12

/** What closes or opens a backup: the text of a file that is named, or else the secret key. */
export function backupKey(file: string | undefined, secretKey: string): BackupKey {
  if (file === undefined) return { secretKey: readSecretKey(secretKey) }
  const passphrase = read(file)
  if (passphrase.length >= lengthMin) return { passphrase }
  throw new UsageError(
    `A passphrase has at least ${lengthMin} characters, and that in ${file} has ${passphrase.length}.`,
  )
}

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').trim()
  } catch (error) {
    throw new UsageError(`The passphrase cannot be read from ${file}: ${(error as Error).message}`)
  }
}
