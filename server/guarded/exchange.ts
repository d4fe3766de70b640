import type { Agent as HttpAgent, ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request as requestHttp } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'

/** An answer of any status, with as much of its body as is kept; or the reason, for a person, why there is none. */
export type Answer =
  | { kind: 'answered'; status: number; headers: IncomingHttpHeaders; body: string }
  | { kind: 'failed'; reason: string }

/** The connections that may be used. */
export type Agents = { 'http:': HttpAgent; 'https:': HttpsAgent }

/** What to post, over which connections, and how a name is looked up until the signal says that it is wanted no more. */
export type Exchange = {
  headers: Record<string, string>
  body: string
  timeoutMs: number
  agents: Agents
  lookupFor(signal: AbortSignal): LookupFunction
}

const bodyBytesMax = 64 * 1024
/** For one of several addresses to let itself be connected to; Node's own quarter of a second is too short for far ones. */
const connectMs = 3_000

/** Posts once and waits for the answer, `timeoutMs` for all of it. Never rejects. A redirect is an answer; a body is cut at 64 KB. */
export function exchange(target: URL, { headers, body, timeoutMs, agents, lookupFor }: Exchange): Promise<Answer> {
  return new Promise((resolve) => {
    const over = new AbortController()
    const options = {
      method: 'POST',
      headers,
      lookup: lookupFor(over.signal),
      autoSelectFamilyAttemptTimeout: connectMs,
    }
    let request: ClientRequest
    let response: IncomingMessage | undefined
    let isLate = false
    const finish = (answer: Answer) => {
      clearTimeout(timer)
      // Nobody waits for the name any more. A word is enough: without one an error with its stack is made each time.
      over.abort('over')
      resolve(answer)
    }
    const fail = (reason: string) => finish({ kind: 'failed', reason })
    const timer = setTimeout(() => {
      isLate = true
      if (response) response.destroy()
      else request.destroy(new Error(`No answer within ${timeoutMs / 1000} seconds.`))
    }, timeoutMs)

    const send = () => {
      request =
        target.protocol === 'https:'
          ? requestHttps(target, { ...options, agent: agents['https:'] })
          : requestHttp(target, { ...options, agent: agents['http:'] })
      request.on('response', (begun) => collect((response = begun), finish))
      request.on('error', (error: NodeJS.ErrnoException) => {
        // The other side closed a kept connection just as it was used again; it never saw the request.
        if (request.reusedSocket && error.code === 'ECONNRESET' && !isLate) send()
        else fail(reasonOf(error))
      })
      request.end(body)
    }
    send()
  })
}

// The status stands also when the body is late, cut or too long: the merchant has said what they think.
function collect(response: IncomingMessage, finish: (answer: Answer) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= bodyBytesMax) response.destroy()
  })
  // A body that is cut shows as an error and then as closed.
  response.on('error', () => {})
  response.on('close', () => {
    const { statusCode: status = 0, headers } = response
    finish({ kind: 'answered', status, headers, body: Buffer.concat(chunks).toString('utf8', 0, bodyBytesMax) })
  })
}

const reasons = new Map(
  Object.entries<string>({
    ECONNREFUSED: 'The connection was refused: nothing listens there.',
    ECONNRESET: 'The connection was cut before an answer came.',
    EHOSTUNREACH: 'The host cannot be reached.',
    ENETUNREACH: 'The network cannot be reached.',
    ETIMEDOUT: 'The connection was not answered.',
    CERT_HAS_EXPIRED: 'The TLS certificate has expired.',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'The TLS certificate is self-signed.',
    ERR_TLS_CERT_ALTNAME_INVALID: 'The TLS certificate is for another name.',
  }),
)

function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons.get(error.code ?? '') ?? (error.message || error.code || 'The request failed.')
}
