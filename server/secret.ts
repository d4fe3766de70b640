import { createCipheriv, createDecipheriv, createHash, createSecretKey, hkdfSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { known } from './known.ts'

/** What the installation's one secret key is used for: one derived key for each purpose. */
export type Purpose =
  | 'credentials'
  | 'callback-token'
  | 'webhook-secret'
  | 'page-link'
  | 'device'
  | 'second-factor'
  | 'sent-form'
  | 'backup'
  | 'audit-seal'

/** The installation's secret key, and those it replaced in the last 90 days. */
export type SecretKeys = { current: Buffer; previous: Buffer[] }

/**
 * Reads `LANGO_SECRET_KEY`: 32 bytes as 64 hex digits.
 * @throws when the text is anything else.
 */
export function readSecretKey(text: string): Buffer {
  if (!/^[0-9a-fA-F]{64}$/.test(text.trim())) {
    throw new Error('LANGO_SECRET_KEY must be 64 hex digits. Make one with: openssl rand -hex 32')
  }
  return Buffer.from(text.trim(), 'hex')
}

/** A new secret key, as `readSecretKey` reads it. */
export function newSecretKey(): string {
  return randomBytes(32).toString('hex')
}

/** The short public name of a key: 8 hex digits that say which one it is, and nothing about it. */
export function keyId(key: Buffer): string {
  return known(ids, key, () => createHash('sha256').update('lango key id').update(key).digest('hex').slice(0, 8))
}

// Every callback asks for both.
const ids = new WeakMap<Buffer, string>()
const derived = new WeakMap<Buffer, Map<Purpose, KeyObject>>()

/** The key of one purpose, derived from the installation's. */
export function deriveKey(key: Buffer, purpose: Purpose): KeyObject {
  const ofKey = known(derived, key, () => new Map<Purpose, KeyObject>())
  return known(ofKey, purpose, () => createSecretKey(Buffer.from(hkdfSync('sha256', key, 'lango', purpose, 32))))
}

/** A secret as the outside may see it: the last four characters, where that leaves enough unknown. */
export function mask(secret: string): string {
  return secret.length >= 12 ? `****${secret.slice(-4)}` : '****'
}

const ivBytes = 12
const tagBytes = 16
const keyIdBytes = 4

/**
 * Encrypts with AES-256-GCM. The result opens only with the same purpose and the same `boundTo`,
 * so that a value copied to another row or column is worthless. Layout: key id, iv, tag, text.
 */
export function seal(keys: SecretKeys, purpose: Purpose, boundTo: string, text: string): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', deriveKey(keys.current, purpose), iv)
  cipher.setAAD(Buffer.from(boundTo))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.from(keyId(keys.current), 'hex'), iv, cipher.getAuthTag(), sealed])
}

/**
 * Opens what `seal` closed.
 * @throws when the key is unknown, or the value was changed or moved.
 */
export function unseal(keys: SecretKeys, purpose: Purpose, boundTo: string, sealed: Buffer): string {
  const id = sealed.toString('hex', 0, keyIdBytes)
  const key = [keys.current, ...keys.previous].find((candidate) => keyId(candidate) === id)
  if (!key) throw new Error(`Sealed with key ${id}, which this installation does not have.`)
  const ivEnd = keyIdBytes + ivBytes
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(key, purpose), sealed.subarray(keyIdBytes, ivEnd))
  decipher.setAAD(Buffer.from(boundTo))
  decipher.setAuthTag(sealed.subarray(ivEnd, ivEnd + tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(ivEnd + tagBytes)), decipher.final()]).toString('utf8')
}

/** The same secret, sealed with the present key. Null stays null. @throws when the key that sealed it is not here. */
export function reseal(keys: SecretKeys, purpose: Purpose, boundTo: string, sealed: Buffer): Buffer
export function reseal(keys: SecretKeys, purpose: Purpose, boundTo: string, sealed: Buffer | null): Buffer | null
export function reseal(keys: SecretKeys, purpose: Purpose, boundTo: string, sealed: Buffer | null): Buffer | null {
  return sealed && seal(keys, purpose, boundTo, unseal(keys, purpose, boundTo, sealed))
}
