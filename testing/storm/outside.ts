import type { GuardedFetch } from '../../server/guarded/fetch.ts'
import type { Simulator } from '../../simulator/index.ts'
import type { Random } from '../../simulator/random.ts'
import type { MortalNode } from '../mortal-node.ts'
import type { Weather } from './weather.ts'

/** What the world outside has seen, to be held against Lango's books. */
export type Seen = {
  /** How often each body that was posted to us was acknowledged. */
  acknowledged: Map<string, number>
  /** How often a push with this reference may have been carried out. */
  pushes: Map<string, number>
  /** The events that the shop was told of and took, by id. */
  told: Map<string, number>
  deaths: number
  outages: number
}

type PushBody = { AccountReference: string }

/** The way from Daraja to whichever node is up. What a node acknowledges is counted. */
export function roadToNodes(seen: Seen, anyNode: () => MortalNode | undefined): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const body = await request.clone().text()
    const node = anyNode()
    if (!node) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
    const response = await node.fetch(request)
    if (response.ok && !request.url.endsWith('/validation')) count(seen.acknowledged, body)
    return response
  }
}

/** The way from a node to Daraja. What may have reached a payer is counted. */
export function roadToDaraja(seen: Seen, simulator: Simulator): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const push = request.url.includes('/stkpush/') ? ((await request.clone().json()) as PushBody) : undefined
    const response = await simulator.fetch(request).catch((error: unknown) => {
      if (push) count(seen.pushes, push.AccountReference)
      throw error
    })
    // A refusal proves that nothing was carried out; after anything else the push may have reached the payer.
    if (push && response.ok) count(seen.pushes, push.AccountReference)
    return response
  }
}

/** The way from a node to the shop's server, which fails as often as the weather says. What it takes is counted. */
export function roadToShop(seen: Seen, weather: Weather, random: Random): GuardedFetch {
  return async (_, { body }) => {
    if (random.fraction() < weather.shopFails) {
      if (random.fraction() < 0.5) return { kind: 'failed', reason: 'It did not answer.' }
      return { kind: 'answered', status: 500, headers: {}, body: '' }
    }
    count(seen.told, (JSON.parse(body) as { id: string }).id)
    return { kind: 'answered', status: 200, headers: {}, body: '' }
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
