import { lookup } from 'node:dns/promises'
import type { LookupAddress } from 'node:dns'
import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'

/** What to post, and whether the machine itself may be reached: only where nothing is live (`loopbackAllowed`). */
export type GuardedRequest = {
  headers: Record<string, string>
  body: string
  allowLoopback?: boolean
  /** For the whole exchange: name, connection, answer. 15 seconds where nothing is said. */
  timeoutMs?: number
}

/** An answer of any status, with as much of its body as is kept; or the reason, for a person, why there is none. */
export type GuardedAnswer =
  | { kind: 'answered'; status: number; headers: IncomingHttpHeaders; body: string }
  | { kind: 'failed'; reason: string }

/**
 * Posts to an address that a merchant gave. Never throws for what the other side does or is.
 * Only public addresses are reached: the name is resolved once and the connection goes to the very address that was judged.
 * Redirects are not followed. An answer is cut at 64 KB.
 */
export type GuardedFetch = (url: string, request: GuardedRequest) => Promise<GuardedAnswer>

/** How a name becomes addresses. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>

const timeoutMsDefault = 15_000
const bodyBytesMax = 64 * 1024
const idleMs = 20_000

const resolveByTheMachine: Resolve = (hostname) => lookup(hostname, { all: true, order: 'verbatim' })

/** A guarded fetch with connections of its own, which it keeps open for the next request. */
export function createGuardedFetch({ resolve = resolveByTheMachine }: { resolve?: Resolve } = {}): GuardedFetch {
  // Two sets, so that a connection to the machine itself is never lent to a request that may not have one.
  const strangers = createAgents(resolve, isPublicAddress)
  const strangersAndSelf = createAgents(resolve, isPublicOrLoopback)
  return (url, { allowLoopback = false, timeoutMs = timeoutMsDefault, ...message }) => {
    const target = new URL(url)
    const address = literalAddress(target)
    // A literal address is never looked up, so it is judged here.
    if (address && !(allowLoopback ? isPublicOrLoopback : isPublicAddress)(address)) {
      return Promise.resolve({ kind: 'failed', reason: refusal(target.hostname) })
    }
    return exchange(target, { ...message, timeoutMs, agents: allowLoopback ? strangersAndSelf : strangers })
  }
}

/**
 * Why a URL cannot be posted to, in a sentence; undefined when it can. A name that does not resolve now may do so later,
 * and is no reason.
 */
export async function refusalOf(
  url: URL,
  { allowLoopback, resolve = resolveByTheMachine }: { allowLoopback: boolean; resolve?: Resolve },
): Promise<string | undefined> {
  const isAllowed = allowLoopback ? isPublicOrLoopback : isPublicAddress
  const literal = literalAddress(url)
  const addresses = literal ? [literal] : (await resolve(url.hostname).catch(() => [])).map(({ address }) => address)
  return addresses.length === 0 || addresses.some(isAllowed) ? undefined : refusal(url.hostname)
}

function refusal(hostname: string): string {
  return `${hostname} is not a public address.`
}

function isPublicOrLoopback(address: string): boolean {
  return isPublicAddress(address) || isLoopbackAddress(address)
}

// A URL writes every form of an IPv4 address (decimal, octal, short) as the usual four numbers.
function literalAddress({ hostname }: URL): string | undefined {
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(address) ? address : undefined
}

type Agents = { 'http:': HttpAgent; 'https:': HttpsAgent }

function createAgents(resolve: Resolve, isAllowed: (address: string) => boolean): Agents {
  const options = { keepAlive: true, timeout: idleMs, lookup: guardedLookup(resolve, isAllowed) }
  return { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
}

function guardedLookup(resolve: Resolve, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, answer) => {
    const judge = (addresses: LookupAddress[]) => {
      const allowed = addresses.filter(({ address }) => isAllowed(address))
      const [first] = allowed
      if (!first) answer(new Error(refusal(hostname)), [])
      else if (options.all) answer(null, allowed)
      else answer(null, first.address, first.family)
    }
    resolve(hostname).then(judge, (error: Error) => answer(error, []))
  }
}

type Exchange = { headers: Record<string, string>; body: string; timeoutMs: number; agents: Agents }

function exchange(target: URL, { headers, body, timeoutMs, agents }: Exchange): Promise<GuardedAnswer> {
  return new Promise((resolve) => {
    let request: ClientRequest
    let response: IncomingMessage | undefined
    let isLate = false
    const finish = (answer: GuardedAnswer) => {
      clearTimeout(timer)
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
          ? requestHttps(target, { method: 'POST', headers, agent: agents['https:'] })
          : requestHttp(target, { method: 'POST', headers, agent: agents['http:'] })
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
function collect(response: IncomingMessage, finish: (answer: GuardedAnswer) => void): void {
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

const reasons: Record<string, string> = {
  ECONNREFUSED: 'The connection was refused: nothing listens there.',
  ECONNRESET: 'The connection was cut before an answer came.',
  ENOTFOUND: 'The host name does not exist.',
  EAI_AGAIN: 'The host name could not be looked up.',
  EHOSTUNREACH: 'The host cannot be reached.',
  ENETUNREACH: 'The network cannot be reached.',
  ETIMEDOUT: 'The connection was not answered.',
  CERT_HAS_EXPIRED: 'The TLS certificate has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The TLS certificate is self-signed.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The TLS certificate is for another name.',
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ''] ?? (error.message || error.code || 'The request failed.')
}
