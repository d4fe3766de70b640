import { asObject, parseJson } from './json.ts'
import type { JsonObject } from './json.ts'
import { refusedUnsent } from './outcome.ts'
import type { Refused, Unknown } from './outcome.ts'

/** `fetch`, or anything that behaves like it: a simulator, a proxy, a recorder. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** What an exchange with the gateway needs. */
export type Gateway = {
  readonly baseUrl: string
  readonly fetch: Fetch
  readonly userAgent: string
}

/** Something came back. `json` is `undefined` for anything but a JSON object. */
export type Answer = { kind: 'answer'; status: number; raw: string; json: JsonObject | undefined }

/** What became of one request, before anybody has judged the answer. */
export type Reply = Answer | Refused | Unknown

/** One request to the gateway; the path begins with a slash, the time covers everything up to the body's last byte. */
export type GatewayRequest = {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: string
  timeoutMs: number
}

/** Sends one request, once. Never throws: a connection that failed is told apart by whether anything can have been sent. */
export async function exchange(gateway: Gateway, request: GatewayRequest): Promise<Reply> {
  const { method, path, headers, body, timeoutMs } = request
  try {
    const response = await gateway.fetch(gateway.baseUrl + path, {
      method,
      headers: { 'User-Agent': gateway.userAgent, Accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
      // A followed redirect would turn a POST into a GET and show its answer as the POST's.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return await readAnswer(response)
  } catch (error) {
    return failedExchange(error)
  }
}

async function readAnswer(response: Response): Promise<Answer> {
  const { status } = response
  const raw = await response.text().catch((error: unknown) => {
    // A refusing status says enough, even if the connection broke before its body had come.
    if (status >= 400 && status < 500) return ''
    throw error
  })
  return { kind: 'answer', status, raw, json: asObject(parseJson(raw)) }
}

function failedExchange(error: unknown): Refused | Unknown {
  const failure = innermost(error)
  const message = [failure.code, failure.message].filter(Boolean).join(': ') || 'The connection failed.'
  if (happensBeforeSending(failure)) {
    return refusedUnsent(
      'not_sent',
      message,
      'No connection was made, so nothing was sent. Check the network and the base URL.',
    )
  }
  const cause = failure.name === 'TimeoutError' ? 'timeout' : 'connection_lost'
  return { kind: 'unknown', cause, message, status: undefined, raw: undefined }
}

type Failure = { name?: string; code?: string; message?: string; syscall?: string; cause?: unknown; errors?: Failure[] }

/** `fetch` wraps what happened in "fetch failed"; the reason is in `cause`, perhaps twice. */
function innermost(error: unknown): Failure {
  const failure: Failure = typeof error === 'object' && error !== null ? error : { message: String(error) }
  return failure.cause ? innermost(failure.cause) : failure
}

const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'ConnectionRefused', // Bun's name.
  'FailedToOpenSocket', // Bun's name.
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'CERT_REVOKED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_SSL_WRONG_VERSION_NUMBER',
])

function happensBeforeSending({ code, syscall, message, errors }: Failure): boolean {
  // A host with several addresses fails with one error for each.
  if (errors && errors.length > 0) return errors.every(happensBeforeSending)
  if (syscall === 'connect' || message?.includes('before secure TLS connection was established')) return true
  return code !== undefined && BEFORE_SENDING.has(code)
}
