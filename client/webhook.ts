import { now as systemNow } from './clock.ts'
import { LangoError } from './error.ts'
import type { LangoEvent } from './event.ts'
import { fromBase64, fromHex, importSecret, importSecretText, isSignature, sign, toBase64, toHex } from './signature.ts'

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
 * anything else, and Lango sends it again. The same event may come twice: its `id` tells. Of the two signatures that Lango sends the
 * one of Standard Webhooks is read, and `X-Payments-Signature` where only that has come through.
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
  const { key, timestamp, head, signatures } = await readSignatures(headers, secret)
  refuseStale(timestamp, now, toleranceSeconds)

  for (const signature of signatures) {
    if (signature && (await isSignature(key, { head, body }, signature))) {
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

/** Every header by which Lango says what a webhook is, and that it is Lango's. */
export type SignedHeaders = Record<
  | 'webhook-id'
  | 'webhook-timestamp'
  | 'webhook-signature'
  | 'X-Event-Type'
  | 'X-Payments-Timestamp'
  | 'X-Payments-Signature',
  string
>

/** The headers that Lango would send with a body: with them the tests of your shop post webhooks to it. */
export async function signWebhook(
  rawBody: string,
  secret: string,
  { id, now = systemNow() }: SignOptions = {},
): Promise<SignedHeaders> {
  const event = JSON.parse(rawBody) as LangoEvent
  const webhookId = id ?? event.id
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const body = readBody(rawBody)
  const standard = await sign(await importSecret(secret), { head: `${webhookId}.${timestamp}.`, body })
  const own = await sign(await importSecretText(secret), { head: `${timestamp}.`, body })
  return {
    'webhook-id': webhookId,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${toBase64(standard)}`,
    'X-Event-Type': event.type,
    'X-Payments-Timestamp': timestamp,
    'X-Payments-Signature': `sha256=${toHex(own)}`,
  }
}

/** What of one of the two sets of headers is needed to judge it: those of Standard Webhooks, or else Lango's own. */
async function readSignatures(headers: WebhookHeaders, secret: string) {
  const own = findHeader(headers, 'x-payments-signature')
  if (own && !findHeader(headers, 'webhook-signature')) {
    const timestamp = { name: 'x-payments-timestamp', value: readHeader(headers, 'x-payments-timestamp') }
    // While a secret is exchanged, the second is by the old one.
    const signatures = [own, findHeader(headers, 'x-payments-signature-previous') ?? '']
    return {
      key: await importSecretText(secret),
      timestamp,
      head: `${timestamp.value}.`,
      signatures: signatures.map((text) => (text.startsWith('sha256=') ? fromHex(text.slice(7)) : undefined)),
    }
  }
  const key = await importSecret(secret)
  const id = readHeader(headers, 'webhook-id')
  const timestamp = { name: 'webhook-timestamp', value: readHeader(headers, 'webhook-timestamp') }
  const signatures = readHeader(headers, 'webhook-signature').split(' ')
  return {
    key,
    timestamp,
    head: `${id}.${timestamp.value}.`,
    signatures: signatures.map((text) => (text.startsWith('v1,') ? fromBase64(text.slice(3)) : undefined)),
  }
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
  const value = findHeader(headers, name)
  if (value) return value
  const message = `The header ${name} is missing. Pass all headers of the request; if they are all there, it did not come from Lango.`
  throw new LangoError('signature_missing', message, { param: name })
}

type PlainHeaders = Exclude<WebhookHeaders, { get(name: string): string | null }>

function findHeader(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined
  const plain = headers as PlainHeaders
  const value = plain[name] ?? Object.entries(plain).find(([key]) => key.toLowerCase() === name)?.[1]
  return Array.isArray(value) ? value.join(' ') : value
}

type Timestamp = { name: string; value: string }

function refuseStale({ name, value: timestamp }: Timestamp, now: Date, toleranceSeconds: number): void {
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN
  const ageSeconds = Math.floor(now.getTime() / 1000) - seconds
  if (Math.abs(ageSeconds) <= toleranceSeconds) return
  const how = Number.isNaN(ageSeconds)
    ? `is "${timestamp}", which is no time`
    : `is ${Math.abs(ageSeconds)} seconds ${ageSeconds > 0 ? 'old' : 'ahead'}, and ${toleranceSeconds} are allowed`
  const message = `The webhook's timestamp ${how}. Either somebody sends an old message again, or this machine's clock is wrong.`
  throw new LangoError('timestamp_out_of_range', message, { param: name })
}
