import type { Pesaflow } from '../client.ts'
import { NoToken } from '../oauth.ts'
import { exchange } from './exchange.ts'
import type { Reply } from './exchange.ts'
import { refusedUnsent } from './outcome.ts'
import type { Refused } from './outcome.ts'
import type { Token } from './token-store.ts'

const REPEATS_MAX = 3
const REPEAT_DELAY_MS = 200

type ApiRequest = { method: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string }

/** Sends one request without a token, once: the hash in it is its proof. */
export function send(pesaflow: Pesaflow, { headers = {}, ...request }: ApiRequest): Promise<Reply> {
  return exchange(pesaflow, { ...request, headers, timeoutMs: pesaflow.timeoutMs })
}

/**
 * Sends a request with an access token. One whose token was refused is repeated up to three times with another token, since
 * that refusal proves that nothing was carried out; nothing else is repeated. Where no token can be had the reply is a
 * refusal, because nothing of the request itself was sent.
 */
export async function sendWithToken(pesaflow: Pesaflow, request: ApiRequest): Promise<Reply> {
  let refused: string | undefined
  for (let repeat = 0; ; repeat++) {
    const token = await findToken(pesaflow, refused)
    if ('kind' in token) return token
    const headers = { Authorization: `Bearer ${token.value}`, ...request.headers }
    const reply = await send(pesaflow, { ...request, headers })
    if (!isTokenRefusal(reply) || repeat === REPEATS_MAX) return reply
    refused = token.value
    await pesaflow.wait(REPEAT_DELAY_MS * 2 ** repeat * pesaflow.random())
  }
}

async function findToken(pesaflow: Pesaflow, refused: string | undefined): Promise<Token | Refused> {
  try {
    return await pesaflow.accessToken(refused)
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

/** A 401 is about the token, but for the one that says that this client may not use the API: no token helps there. */
function isTokenRefusal(reply: Reply): boolean {
  return reply.kind === 'answer' && reply.status === 401 && !/has not been granted/i.test(reply.raw)
}
