import type { Daraja } from '../client.ts'
import { NoToken } from '../oauth.ts'
import { exchange } from './exchange.ts'
import type { Answer, Reply } from './exchange.ts'
import { asText } from './json.ts'
import { readError } from './judge.ts'
import { refusedUnsent } from './outcome.ts'
import type { Refused } from './outcome.ts'
import type { Token } from './token-store.ts'

const REPEATS_MAX = 3
const REPEAT_DELAY_MS = 200

/**
 * Posts JSON with an access token, and answers what came back, unjudged. A request whose token was refused is repeated up
 * to three times with another token, since that refusal proves that nothing was carried out; nothing else is repeated.
 * Where no token can be had the reply is a refusal, because nothing of the request itself was sent.
 */
export function post(
  daraja: Daraja,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return send(daraja, {
    method: 'POST',
    path,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

/** Gets with an access token; otherwise as `post`. The path carries the query string. */
export function get(daraja: Daraja, path: string): Promise<Reply> {
  return send(daraja, { method: 'GET', path, headers: {} })
}

type ApiRequest = { method: 'GET' | 'POST'; path: string; headers: Record<string, string>; body?: string }

async function send(daraja: Daraja, request: ApiRequest): Promise<Reply> {
  let refused: string | undefined
  for (let repeat = 0; ; repeat++) {
    const token = await findToken(daraja, refused)
    if ('kind' in token) return token
    const headers = { Authorization: `Bearer ${token.value}`, ...request.headers }
    const reply = await exchange(daraja, { ...request, headers, timeoutMs: daraja.timeoutMs })
    if (reply.kind !== 'answer' || !isTokenRefusal(reply) || repeat === REPEATS_MAX) return reply
    refused = token.value
    await daraja.wait(REPEAT_DELAY_MS * 2 ** repeat * daraja.random())
  }
}

async function findToken(daraja: Daraja, refused: string | undefined): Promise<Token | Refused> {
  try {
    return await daraja.accessToken(refused)
  } catch (error) {
    if (error instanceof NoToken) return error.refusal
    const reason = error instanceof Error ? error.message : String(error)
    return refusedUnsent(
      'token_unavailable',
      `The token store failed: ${reason}`,
      'Nothing of the request itself was sent.',
    )
  }
}

/** Each family of APIs refuses a token in its own way; all of them were seen, or stand on Safaricom's portal. */
const TOKEN_REFUSALS = new Set(['404.001.03', '400.003.01', '401.001', '401.002.01', '401.003.01'])

/** Whether an answer refuses the access token, which proves that nothing was carried out. */
export function isTokenRefusal({ status, raw, json }: Answer): boolean {
  if (status < 400 || status >= 500) return false
  const { code } = readError(json)
  if (code !== undefined && TOKEN_REFUSALS.has(code)) return true
  // Outside the envelope it is told by its words; IoT's 401 about a user's permission is no refusal of the token.
  return status === 401 && (asText(raw) === undefined || /access token|unauthori[sz]ed/i.test(raw))
}
