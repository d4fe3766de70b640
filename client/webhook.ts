import { now as systemNow } from './clock.ts'
import { LangoError } from './error.ts'
import type { LangoEvent } from './event.ts'
import { importSecret, isSignature, sign } from './signature.ts'

/** A request's headers: of `fetch`, of `node:http` or Express, or a plain object with names in any case. */
export type WebhookHeaders = { get(name: string): string | null } | Record<string, string | string[] | undefined>

export type VerifyOptions = {
  /** What time it is; for tests. */
  now?: Date
  /** How old, or how far ahead of your clock, a message may be; 300 by default. An old one may be a replay. */
  toleranceSeconds?: number
}

/**
 * The event that Lango posted, once its signature shows that Lango posted it, whole and lately. Answer any 2xx within 15 seconds;
 * anything else, and Lango sends it again. The same event may come twice: its `id` tells.
 *
 * ```ts
 * const event = await verifyWebhook(await request.text(), request.headers, process.env.LANGO_WEBHOOK_SECRET!)
 * if (event.type === 'payment.completed') await ship(event.data.payment_id)
 * ```
 * @param rawBody the body as it came over the wire, text or bytes: not parsed, not written anew
 * @param secret the endpoint's `webhook_secret`. While it is exchanged, Lango signs with the old and the new one
 * @throws LangoError `raw_body_needed`, `secret_malformed`, `signature_missing`, `timestamp_out_of_range` or `signature_wrong`: answer 400
 */
export async function verifyWebhook(
  rawBody: string | Uint8Array | ArrayBuffer,
  headers: WebhookHeaders,
  secret: string,
  { now = systemNow(), toleranceSeconds = 300 }: VerifyOptions = {},
): Promise<LangoEvent> {
  const body = readBody(rawBody)
  const key = await importSecret(secret)
  const id = readHeader(headers, 'webhook-id')
  const timestamp = readHeader(headers, 'webhook-timestamp')
  const signatures = readHeader(headers, 'webhook-signature')
  refuseStale(timestamp, now, toleranceSeconds)

  const signed = { id, timestamp, body }
  for (const signature of signatures.split(' ')) {
    if (signature.startsWith('v1,') && (await isSignature(key, signed, signature.slice(3)))) {
      return JSON.parse(new TextDecoder().decode(body)) as LangoEvent
    }
  }
  const message =
    'The signature does not fit. Either the secret is that of another endpoint, or an old one; or the body is not exactly what came: pass the raw body, before anything parsed it or wrote it anew.'
  throw new LangoError('signature_wrong', message)
}

export type SignOptions = {
  /** `evt_…`; by default the `id` in the body. */
  id?: string
  /** When it is sent; for tests. */
  now?: Date
}

/** The headers that Lango would send with a body: with them the tests of your shop post webhooks to it. */
export async function signWebhook(
  rawBody: string,
  secret: string,
  { id = (JSON.parse(rawBody) as LangoEvent).id, now = systemNow() }: SignOptions = {},
): Promise<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signature = await sign(await importSecret(secret), { id, timestamp, body: readBody(rawBody) })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

function readBody(rawBody: unknown): Uint8Array {
  if (typeof rawBody === 'string') return new TextEncoder().encode(rawBody)
  if (rawBody instanceof Uint8Array) return rawBody
  if (rawBody instanceof ArrayBuffer) return new Uint8Array(rawBody)
  const what = rawBody === null || rawBody === undefined ? `is ${String(rawBody)}` : 'was parsed already'
  const message = `Pass the raw body: the text or bytes as they came, since that is what was signed. This one ${what}. In Express give this route express.raw({ type: 'application/json' }) and pass request.body; with fetch pass await request.text().`
  throw new LangoError('raw_body_needed', message, { param: 'rawBody' })
}

function readHeader(headers: WebhookHeaders, name: string): string {
  const value = typeof headers.get === 'function' ? headers.get(name) : findHeader(headers as PlainHeaders, name)
  if (value) return value
  const message = `The header ${name} is missing. Pass all headers of the request; if they are all there, it did not come from Lango.`
  throw new LangoError('signature_missing', message, { param: name })
}

type PlainHeaders = Exclude<WebhookHeaders, { get(name: string): string | null }>

function findHeader(headers: PlainHeaders, name: string): string | undefined {
  const value = headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  return Array.isArray(value) ? value.join(' ') : value
}

function refuseStale(timestamp: string, now: Date, toleranceSeconds: number): void {
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN
  const ageSeconds = Math.floor(now.getTime() / 1000) - seconds
  if (Math.abs(ageSeconds) <= toleranceSeconds) return
  const how = Number.isNaN(ageSeconds)
    ? `is "${timestamp}", which is no time`
    : `is ${Math.abs(ageSeconds)} seconds ${ageSeconds > 0 ? 'old' : 'ahead'}, and ${toleranceSeconds} are allowed`
  const message = `The webhook's timestamp ${how}. Either somebody sends an old message again, or this machine's clock is wrong.`
  throw new LangoError('timestamp_out_of_range', message, { param: 'webhook-timestamp' })
}
