import { exchange } from './core/exchange.ts'
import type { Answer, Gateway, Reply } from './core/exchange.ts'
import { asText } from './core/json.ts'
import { judge } from './core/judge.ts'
import { refusedUnsent } from './core/outcome.ts'
import type { Outcome, Refused } from './core/outcome.ts'
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

/** What asking for a token needs. */
export type TokenSource = Gateway & {
  readonly apiKey: string
  readonly secret: string
  readonly now: () => Date
  readonly wait: (delayMs: number) => Promise<void>
  readonly random: () => number
  readonly timeoutMs: number
}

/**
 * Asks for an access token once (`POST /api/oauth/generate/token`), past every store: an acceptance proves the key and
 * the secret. Never throws. Calls that need a token ask for one themselves.
 *
 * @example (await requestToken(pesaflow)).kind === 'accepted' // These credentials are right.
 */
export async function requestToken(source: TokenSource): Promise<Outcome<Token>> {
  const askedAt = source.now()
  return judgeToken(await askToken(source), askedAt)
}

/**
 * Asks for a token as `requestToken` does, and tries three times more, with growing pauses, what passes by itself: a cut
 * connection, 5xx, a page in place of JSON, 408 and 429. Rejects with `NoToken`.
 */
export async function mintToken(source: TokenSource): Promise<Token> {
  for (let attempt = 0; ; attempt++) {
    const askedAt = source.now()
    const reply = await askToken(source)
    const outcome = judgeToken(reply, askedAt)
    if (outcome.kind === 'accepted') return { value: outcome.value, expiresAt: outcome.expiresAt }
    if (outcome.kind === 'refused' && !passesByItself(reply)) throw new NoToken(outcome)
    if (attempt === RETRIES_MAX) throw new NoToken(tokenUnavailable(outcome.message))
    await source.wait(RETRY_DELAY_MS * 2 ** attempt * (0.5 + source.random() / 2))
  }
}

function askToken(source: TokenSource): Promise<Reply> {
  return exchange(source, {
    method: 'POST',
    path: '/api/oauth/generate/token',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ key: source.apiKey, secret: source.secret }),
    timeoutMs: Math.min(source.timeoutMs, TIMEOUT_MS_MAX),
  })
}

function judgeToken(reply: Reply, askedAt: Date): Outcome<Token> {
  const outcome = judge(reply, (json) => readToken(json, askedAt))
  if (outcome.kind !== 'refused' || outcome.status === undefined) return outcome
  const advice = 'Pesaflow refused the key and secret. Check that both belong together, and to this environment.'
  return { ...outcome, code: 'token_refused', advice }
}

/** `token` and `expiry` were seen; the other names are those of OAuth. */
function readToken(json: Answer['json'], askedAt: Date): Token | undefined {
  const value = asText(json?.['token']) ?? asText(json?.['access_token'])
  if (value === undefined) return undefined
  const seconds = Number(asText(json?.['expiry']) ?? asText(json?.['expires_in']))
  const lifeSeconds = seconds > 0 ? seconds : LIFE_SECONDS_DEFAULT
  return { value, expiresAt: new Date(askedAt.getTime() + lifeSeconds * 1000) }
}

function passesByItself(reply: Reply): boolean {
  return reply.kind !== 'answer' || reply.status === 429
}

function tokenUnavailable(words: string): Refused {
  return refusedUnsent(
    'token_unavailable',
    `No access token could be had: ${words}`,
    'Nothing of the request itself was sent. Ask again later.',
  )
}
