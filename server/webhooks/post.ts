import type { Context } from '../context.ts'
import type { Reach } from '../guarded/address.ts'
import type { OwnHeaders } from './headers.ts'
import type { Secrets } from './secret.ts'
import { signMessage } from './sign.ts'
import type { Message } from './sign.ts'

/** How one attempt went. Success is any 2xx; everything else has an error, in words for the merchant. */
export type AttemptResult = {
  at: Date
  status: number | null
  error: string | null
  /** The beginning of what the endpoint answered. */
  response: string | null
  duration_ms: number
  retryAfter: string | undefined
}

/** An attempt that was made, the first being number 1. */
export type Attempt = AttemptResult & { merchant_id: string; delivery_id: string; endpoint_id: string; attempt: number }

const responseLengthMax = 1_000

/** Where a message goes, whose address that is, the merchant's own headers, and what it is signed with. */
export type Target = { merchant_id: string; url: string; headers: OwnHeaders; secrets: Secrets; reach: Reach }

/** Signs and posts one message, now. */
export async function postMessage(
  context: Context,
  { id, type, body }: Omit<Message, 'at'>,
  { merchant_id, url, headers: own, secrets, reach }: Target,
): Promise<AttemptResult> {
  const at = context.clock.now()
  const headers = {
    ...own,
    'Content-Type': 'application/json',
    'User-Agent': 'Lango',
    ...signMessage({ id, type, body, at }, secrets),
  }
  const answer = await context.guardedFetch(url, { merchant_id, reach, headers, body })
  const duration_ms = Math.max(0, context.clock.now().getTime() - at.getTime())
  if (answer.kind === 'failed') {
    return { at, status: null, error: answer.reason, response: null, duration_ms, retryAfter: undefined }
  }
  const { status } = answer
  return {
    at,
    status,
    error: isSuccess(status) ? null : `The endpoint answered ${status}.`,
    // PostgreSQL keeps no NUL in a text.
    response: answer.body.slice(0, responseLengthMax).replaceAll('\0', '') || null,
    duration_ms,
    retryAfter: answer.headers['retry-after'],
  }
}

/** True for any 2xx. */
export function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300
}
