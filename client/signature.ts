import { LangoError } from './error.ts'

/** What is signed: the id of the event, the moment of the attempt in seconds since 1970, and the body. */
export type Signed = { id: string; timestamp: string; body: Uint8Array }

/** The key that stands in a webhook secret, as standardwebhooks.com has it: base64 after `whsec_`. */
export async function importSecret(secret: string): Promise<CryptoKey> {
  const bytes =
    typeof secret === 'string' && secret.startsWith('whsec_') ? fromBase64(secret.slice(6).trim()) : undefined
  if (!bytes || bytes.length === 0) {
    const message =
      'The secret is the webhook_secret of the endpoint, whsec_ and base64, as it was shown when the endpoint was made. The API key is not it. A new one: lango.webhookEndpoints.rotateSecret(id).'
    throw new LangoError('secret_malformed', message, { param: 'secret' })
  }
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

/** The signature of a message, in base64. */
export async function sign(key: CryptoKey, signed: Signed): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', key, bytesOf(signed))
  return btoa(String.fromCharCode(...new Uint8Array(signature)))
}

/** Whether a signature in base64 is one of this message. Takes the same time wherever it differs. */
export async function isSignature(key: CryptoKey, signed: Signed, signature: string): Promise<boolean> {
  const bytes = fromBase64(signature)
  return bytes !== undefined && crypto.subtle.verify('HMAC', key, bytes, bytesOf(signed))
}

function bytesOf({ id, timestamp, body }: Signed): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`${id}.${timestamp}.`)
  const bytes = new Uint8Array(head.length + body.length)
  bytes.set(head)
  bytes.set(body, head.length)
  return bytes
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
