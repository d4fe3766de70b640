import { createHmac } from 'node:crypto'
import type { Secrets } from './secret.ts'

/** One attempt to tell an endpoint of an event: `id` is the event's as shown, `evt_…`, and `at` the moment of the attempt. */
export type Message = { id: string; type: string; body: string; at: Date }

/**
 * The headers that let a merchant know that a message is ours, whole and fresh. Two sets, for whoever knows either:
 * `X-Payments-Signature` is an HMAC-SHA256 of "{timestamp}.{body}" whose key is the secret's text as shown;
 * `webhook-signature` is that of standardwebhooks.com, over "{id}.{timestamp}.{body}", whose key is the secret's decoded bytes.
 * During a rotation both old and new secret sign.
 */
export function signMessage({ id, type, body, at }: Message, { current, previous }: Secrets): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const plain = (secret: string) => `sha256=${hmac(`${timestamp}.${body}`, secret).toString('hex')}`
  const standard = (secret: string) =>
    `v1,${hmac(`${id}.${timestamp}.${body}`, bytesOf(secret), 'base64').toString('base64')}`
  return {
    'X-Event-Type': type,
    'X-Payments-Timestamp': timestamp,
    'X-Payments-Signature': plain(current),
    ...(previous && { 'X-Payments-Signature-Previous': plain(previous) }),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': previous ? `${standard(current)} ${standard(previous)}` : standard(current),
  }
}

/** The key is given as the text of its bytes: made into a Buffer first, it would take five times as long. */
function hmac(text: string, key: string, encoding: BufferEncoding = 'utf8'): Buffer {
  return createHmac('sha256', key, { encoding }).update(text).digest()
}

/** The base64 of the bytes that a secret stands for. */
function bytesOf(secret: string): string {
  return secret.replace(/^whsec_/, '')
}
