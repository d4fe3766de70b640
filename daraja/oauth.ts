import { textToBase64 } from './core/base64.ts'
import { exchange } from './core/exchange.ts'
import type { Answer, Gateway, Reply } from './core/exchange.ts'
import { asNumber, asText } from './core/json.ts'
import { readError } from './core/judge.ts'
import { refusedUnsent } from './core/outcome.ts'
import type { Refused } from './core/outcome.ts'
import type { Token } from './core/token-store.ts'

const RETRIES_MAX = 3
const RETRY_DELAY_MS = 500
const TIMEOUT_MS_MAX = 10_000
const LIFE_SECONDS_DEFAULT = 3599

/** No access token could be had. Carries the outcome of the call that needed one: nothing of that call was sent. */
export class NoToken extends Error {
  override readonly name = 'NoToken'
  readonly refusal: Refused

  constructor(refusal: Refused) {
    super(refusal.message)
    this.refusal = refusal
  }
}

/** What minting a token needs beside the gateway. */
export type TokenSource = Gateway & {
  readonly consumerKey: string
  readonly consumerSecret: string
  readonly now: () => Date
  readonly wait: (delayMs: number) => Promise<void>
  readonly random: () => number
  readonly timeoutMs: number
}

/**
 * Asks Safaricom for an access token (`GET /oauth/v1/generate`); lives for an hour, and may end the life of the one before.
 * What passes by itself (a cut connection, 5xx, the firewall's 503 page, spike arrest) is tried again three times, with
 * growing pauses. Rejects with `NoToken`. Wrong keys are answered 400 with an empty body, as observed in production.
 */
export async function mintToken(source: TokenSource): Promise<Token> {
  for (let attempt = 0; ; attempt++) {
    const askedAt = source.now()
    const reply = await exchange(source, tokenRequest(source))
    const token = reply.kind === 'answer' ? readToken(reply, askedAt) : undefined
    if (token) return token
    if (!passesByItself(reply)) throw new NoToken(tokenRefused(reply))
    if (attempt === RETRIES_MAX) throw new NoToken(tokenUnavailable(reply))
    await source.wait(RETRY_DELAY_MS * 2 ** attempt * (0.5 + source.random() / 2))
  }
}

function tokenRequest(source: TokenSource) {
  const credentials = textToBase64(`${source.consumerKey}:${source.consumerSecret}`)
  return {
    method: 'GET',
    path: '/oauth/v1/generate?grant_type=client_credentials',
    headers: { Authorization: `Basic ${credentials}` },
    timeoutMs: Math.min(source.timeoutMs, TIMEOUT_MS_MAX),
  } as const
}

/** `expires_in` is a string in most traffic and a number in some of Safaricom's samples. */
function readToken({ status, json }: Answer, askedAt: Date): Token | undefined {
  const value = status === 200 ? asText(json?.['access_token']) : undefined
  if (value === undefined) return undefined
  const lifeSeconds = asNumber(json?.['expires_in']) ?? LIFE_SECONDS_DEFAULT
  return { value, expiresAt: new Date(askedAt.getTime() + lifeSeconds * 1000) }
}

function passesByItself(reply: Reply): boolean {
  if (reply.kind !== 'answer') return true
  return reply.status < 400 || reply.status >= 500 || reply.status === 408 || reply.status === 429
}

function tokenRefused(reply: Reply): Refused {
  const { status, raw, json } = reply.kind === 'answer' ? reply : { ...reply, json: undefined }
  const { code, message } = readError(json)
  const advice =
    status === 403
      ? "Safaricom's firewall refused the connection: ask from another address, or with another User-Agent."
      : 'Safaricom refused the consumer key and secret. Check that both belong to one app, and to this environment.'
  const words = message ?? `Safaricom answered HTTP ${status} to the request for an access token.`
  return { kind: 'refused', status, code: code ?? 'token_refused', message: words, advice, raw: raw ?? '' }
}

function tokenUnavailable(reply: Reply): Refused {
  const words = reply.kind === 'answer' ? (readError(reply.json).message ?? `HTTP ${reply.status}`) : reply.message
  return refusedUnsent(
    'token_unavailable',
    `No access token could be had: ${words}`,
    'Nothing of the request itself was sent. Ask again later.',
  )
}
