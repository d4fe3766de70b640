import type { LookupAddress } from 'node:dns'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { createJudge } from './address.ts'
import type { Judge, Reach } from './address.ts'
import { exchange } from './exchange.ts'
import type { Agents, Answer } from './exchange.ts'
import type { Names } from './names.ts'

/** What to post for whom, and how far it may reach (`reachOf`). */
export type GuardedRequest = {
  /** Who gave the address. */
  merchant_id: string
  headers: Record<string, string>
  body: string
  reach: Reach
  /** For the whole exchange: name, connection, answer. 15 seconds where nothing is said. */
  timeoutMs?: number
}

/**
 * Posts to an address that a merchant gave. Never throws for what the other side does or is.
 * Only addresses within reach get a connection: the name is resolved once, and the connection goes to the very address that was judged.
 * Redirects are not followed. An answer is cut at 64 KB.
 */
export type GuardedFetch = (url: string, request: GuardedRequest) => Promise<Answer>

/**
 * Why a URL cannot be posted to, in a sentence; undefined when it can. A name that does not resolve now may do so later,
 * and is no reason.
 */
export type RefusalOf = (url: URL, asked: { merchant_id: string; reach: Reach }) => Promise<string | undefined>

/** The two ways in which an address that a merchant gave is used. */
export type Guard = { guardedFetch: GuardedFetch; refusalOf: RefusalOf }

const timeoutMsDefault = 15_000
const idleMs = 20_000
const judgementMs = 3_000

/**
 * A guard with connections of its own, which it keeps open for the next request.
 * @param allowedNetworks CIDRs of the private networks in which addresses may lie.
 */
export function createGuard({ names, allowedNetworks = [] }: { names: Names; allowedNetworks?: string[] }): Guard {
  const judge = createJudge(allowedNetworks)
  // A set for each reach, so that a connection is never lent to a request that may not have it.
  const agents: Record<Reach, Agents> = {
    public: createAgents(),
    public_or_itself: createAgents(),
    allowed_networks: createAgents(),
  }
  return {
    guardedFetch(url, { merchant_id, reach, timeoutMs = timeoutMsDefault, headers, body }) {
      const target = new URL(url)
      const address = literalAddress(target)
      // A literal address is never looked up, so it is judged here.
      if (address && !judge(address, reach)) {
        return Promise.resolve({ kind: 'failed', reason: refusal(target.hostname, reach) })
      }
      const lookupFor = (signal: AbortSignal) => guardedLookup(names, { merchant_id, signal, judge, reach })
      return exchange(target, { headers, body, timeoutMs, agents: agents[reach], lookupFor })
    },
    async refusalOf(url, { merchant_id, reach }) {
      const addresses = await addressesOf(names, url, merchant_id)
      if (addresses.length === 0 || addresses.some((address) => judge(address, reach))) return undefined
      return refusal(url.hostname, reach)
    },
  }
}

async function addressesOf(names: Names, url: URL, merchant_id: string): Promise<string[]> {
  const literal = literalAddress(url)
  if (literal) return [literal]
  const signal = AbortSignal.timeout(judgementMs)
  const answer = await names.find(url.hostname, { merchant_id, signal }).catch(() => undefined)
  return answer?.kind === 'found' ? answer.addresses.map(({ address }) => address) : []
}

function refusal(hostname: string, reach: Reach): string {
  return reach === 'allowed_networks'
    ? `${hostname} is not in a private network that this installation allows.`
    : `${hostname} is not a public address.`
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

type Looking = { merchant_id: string; signal: AbortSignal; judge: Judge; reach: Reach }

/** Asked once for each connection, which then goes to the very address that was judged. */
function guardedLookup(names: Names, { merchant_id, signal, judge, reach }: Looking): LookupFunction {
  return (hostname, options, answer) => {
    const fail = (reason: string) => answer(new Error(reason), [])
    const lead = (addresses: LookupAddress[]) => {
      const allowed = addresses.filter(({ address }) => judge(address, reach))
      const [first] = allowed
      if (!first) fail(refusal(hostname, reach))
      else if (options.all) answer(null, allowed)
      else answer(null, first.address, first.family)
    }
    names.find(hostname, { merchant_id, signal }).then(
      (found) => (found.kind === 'found' ? lead(found.addresses) : fail(found.reason)),
      (error: Error) => fail(error.message),
    )
  }
}
