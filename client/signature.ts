import { LangoError } from './error.ts'

/** What is signed: the body, and before it what says when it was sent. */
export type Signed = { head: string; body: Uint8Array }

/** The key that stands in a webhook secret, as standardwebhooks.com has it: base64 after `whsec_`. */
export function importSecret(secret: string): Promise<CryptoKey> {
  return importKey(bytesOfSecret(secret))
}

/** The key of Lango's own signature: the secret's text as it is shown. */
export function importSecretText(secret: string): Promise<CryptoKey> {
  bytesOfSecret(secret)
  return importKey(new TextEncoder().encode(secret.trim()))
}

function bytesOfSecret(secret: string): Uint8Array<ArrayBuffer> {
  const bytes =
    typeof secret === 'string' && secret.startsWith('whsec_') ? fromBase64(secret.slice(6).trim()) : undefined
  if (bytes && bytes.length > 0) return bytes
  const message =
    'The secret is the webhook_secret of the endpoint, whsec_ and base64, as it was shown when the endpoint was made. The API key is not it. A new one: lango.webhookEndpoints.rotateSecret(id).'
  throw new LangoError('secret_malformed', message, { param: 'secret' })
}

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

/** The signature of a message. */
export async function sign(key: CryptoKey, signed: Signed): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytesOf(signed)))
}

/** Whether a signature is one of this message. Takes the same time wherever it differs. */
export function isSignature(key: CryptoKey, signed: Signed, signature: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return crypto.subtle.verify('HMAC', key, signature, bytesOf(signed))
}

function bytesOf({ head, body }: Signed): Uint8Array<ArrayBuffer> {
  const start = new TextEncoder().encode(head)
  const bytes = new Uint8Array(start.length + body.length)
  bytes.set(start)
  bytes.set(body, start.length)
  return bytes
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** The bytes that a text stands for; undefined when it is no base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The bytes that a text stands for; undefined when it is no hexadecimal. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^([0-9a-f]{2})+$/i.test(text)) return undefined
  return Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16))
}
