import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { deriveKey } from '../secret.ts'
import type { SecretKeys } from '../secret.ts'

/** A name for the browser that a user has just signed in with, which nobody else can make: `<nonce>.<mac>`. */
export function nameDevice({ current }: SecretKeys, user_id: string): string {
  const nonce = randomBytes(12).toString('base64url')
  return `${nonce}.${mac(current, user_id, nonce)}`
}

/** Which browser of a user this is, if they have signed in with it before. */
export function readDevice(
  { current, previous }: SecretKeys,
  user_id: string,
  text: string | undefined,
): string | undefined {
  const [nonce = '', proof = ''] = (text ?? '').split('.')
  const isTheirs = [current, ...previous].some((key) => isSame(mac(key, user_id, nonce), proof))
  return isTheirs ? nonce : undefined
}

function mac(key: Buffer, user_id: string, nonce: string): string {
  return createHmac('sha256', deriveKey(key, 'device')).update(`${user_id} ${nonce}`).digest('base64url')
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => Buffer.from(text)) as [Buffer, Buffer]
  return a.length === b.length && timingSafeEqual(a, b)
}
