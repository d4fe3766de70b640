import type { LookupAddress } from 'node:dns'
import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { createHostsFile } from './hosts-file.ts'
import type { HostsFile } from './hosts-file.ts'
import { createNameMemory } from './name-memory.ts'
import { askNameServers } from './name-servers.ts'
import type { NameAnswer } from './name-servers.ts'
import { createSharing } from './sharing.ts'
import { createTurns } from './turns.ts'

/** Whose address holds the name, and until when the answer is wanted. */
export type NameQuestion = { merchant_id: string; signal: AbortSignal }

/** How the names in addresses that merchants gave become addresses of machines. */
export type Names = {
  /** @throws the signal's reason when it is aborted first. */
  find(hostname: string, question: NameQuestion): Promise<NameAnswer>
}

export type NamesOptions = {
  clock?: Clock
  /** Other name servers than the machine's, as `address:port`. */
  servers?: string[]
  hosts?: HostsFile
}

/** Of one merchant, so that name servers which stay silent hold up their own merchant only. */
const ofOneMerchantMax = 8
const inAllMax = 256

const itself: LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/**
 * Names are sought in the machine's hosts file and then asked of its name servers, a few of each merchant at once, and remembered
 * for as long as the answer says, up to a minute. `localhost` is the machine itself. A name is asked as it stands: no search
 * domain is put behind it.
 */
export function createNames({ clock = systemClock, servers, hosts = createHostsFile() }: NamesOptions = {}): Names {
  const turns = createTurns({ ofOneMax: ofOneMerchantMax, inAllMax })
  const memory = createNameMemory(clock)
  const share = createSharing<NameAnswer>()

  async function ask(name: string, { merchant_id, signal }: NameQuestion): Promise<NameAnswer> {
    const end = await turns.take(merchant_id, signal)
    try {
      return memory.get(name) ?? memory.keep(name, await askNameServers(name, { servers, signal }))
    } finally {
      end()
    }
  }

  return {
    async find(hostname, { merchant_id, signal }) {
      const name = hostname.toLowerCase().replace(/\.$/, '')
      if (/(^|\.)localhost$/.test(name)) return found(itself)
      const own = await hosts.find(name)
      if (own.length > 0) return found(own)
      // Shared within a merchant only: the row of another is not to be waited in.
      const shared = (signal: AbortSignal) => ask(name, { merchant_id, signal })
      return memory.get(name) ?? share(`${merchant_id} ${name}`, signal, shared)
    },
  }
}

function found(addresses: LookupAddress[]): NameAnswer {
  return { kind: 'found', addresses, ttlMs: 0 }
}
