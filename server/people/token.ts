import { createHash, randomBytes } from 'node:crypto'

/** A new secret that a browser or a link carries: 256 bits that nobody guesses. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** A token as it is kept: what leaks from a database or its backup lets nobody in. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
