import type { LookupAddress } from 'node:dns'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { isLoopbackAddress, isPublicAddress } from './address.ts'
import { exchange } from './exchange.ts'
import type { Agents, Answer } from './exchange.ts'
import type { Names } from './names.ts'

/** What to post for whom, and whether the machine itself may be reached: only where nothing is live (`loopbackAllowed`). */
export type GuardedRequest = {
  /** Who gave the address. */
  merchant_id: string
  headers: Record<string, string>
  body: string
  allowLoopback?: boolean
  /** For the whole exchange: name, connection, answer. 15 seconds where nothing is said. */
  timeoutMs?: number
}

/**
 * Posts to an address that a merchant gave. Never throws for what the other side does or is.
 * Only public addresses are reached: the name is resolved once and the connection goes to the very address that was judged.
 * Redirects are not followed. An answer is cut at 64 KB.
 */
export type GuardedFetch = (url: string, request: GuardedRequest) => Promise<Answer>

/** Why a URL cannot be posted to, in a sentence; undefined when it can. */
export type RefusalOf = (
  url: URL,
  asked: { merchant_id: string; allowLoopback: boolean },
) => Promise<string | undefined>

/** The two ways in which an address that a merchant gave is used. */
export type Guard = { guardedFetch: GuardedFetch; refusalOf: RefusalOf }

const timeoutMsDefault = 15_000
const idleMs = 20_000
const judgementMs = 3_000

/** A guard with connections of its own, which it keeps open for the next request. */
export function createGuard({ names }: { names: Names }): Guard {
  // Two sets, so that a connection to the machine itself is never lent to a request that may not have one.
  const strangers = createAgents()
  const strangersAndSelf = createAgents()
  return {
    guardedFetch(url, { merchant_id, allowLoopback = false, timeoutMs = timeoutMsDefault, headers, body }) {
      const target = new URL(url)
      const isAllowed = allowLoopback ? isPublicOrLoopback : isPublicAddress
      const address = literalAddress(target)
      // A literal address is never looked up, so it is judged here.
      if (address && !isAllowed(address)) {
        return Promise.resolve({ kind: 'failed', reason: refusal(target.hostname) })
      }
      const agents = allowLoopback ? strangersAndSelf : strangers
      const lookupFor = (signal: AbortSignal) => guardedLookup(names, { merchant_id, signal, isAllowed })
      return exchange(target, { headers, body, timeoutMs, agents, lookupFor })
    },
    async refusalOf(url, { merchant_id, allowLoopback }) {
      const isAllowed = allowLoopback ? isPublicOrLoopback : isPublicAddress
      const addresses = await addressesOf(names, url, merchant_id)
      return addresses.length === 0 || addresses.some(isAllowed) ? undefined : refusal(url.hostname)
    },
  }
}

// A name that does not resolve now may do so later, and is no reason to refuse it.
async function addressesOf(names: Names, url: URL, merchant_id: string): Promise<string[]> {
  const literal = literalAddress(url)
  if (literal) return [literal]
  const signal = AbortSignal.timeout(judgementMs)
  const answer = await names.find(url.hostname, { merchant_id, signal }).catch(() => undefined)
  return answer?.kind === 'found' ? answer.addresses.map(({ address }) => address) : []
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

function createAgents(): Agents {
  const options = { keepAlive: true, timeout: idleMs }
  return { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
}

type Looking = { merchant_id: string; signal: AbortSignal; isAllowed: (address: string) => boolean }

/** Asked once for each connection, which then goes to the very address that was judged. */
function guardedLookup(names: Names, { merchant_id, signal, isAllowed }: Looking): LookupFunction {
  return (hostname, options, answer) => {
    const fail = (reason: string) => answer(new Error(reason), [])
    const judge = (addresses: LookupAddress[]) => {
      const allowed = addresses.filter(({ address }) => isAllowed(address))
      const [first] = allowed
      if (!first) fail(refusal(hostname))
      else if (options.all) answer(null, allowed)
      else answer(null, first.address, first.family)
    }
    names.find(hostname, { merchant_id, signal }).then(
      (found) => (found.kind === 'found' ? judge(found.addresses) : fail(found.reason)),
      (error: Error) => fail(error.message),
    )
  }
}
