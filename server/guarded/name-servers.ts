import type { LookupAddress, RecordWithTtl } from 'node:dns'
import { Resolver } from 'node:dns/promises'

/** What the name servers said: the addresses and for how long they hold, or why there are none, for a person. */
export type NameAnswer =
  | { kind: 'found'; addresses: LookupAddress[]; ttlMs: number }
  | { kind: 'not_found'; reason: string }

const patienceMs = 5_000
const tryMs = 1_500
const tries = 3

/** How long one kind of address is waited for when the other is there: some name servers never answer about IPv6. */
const otherKindMs = 300

/**
 * Asks the machine's name servers for the addresses of a name, of both kinds at once, for five seconds at most.
 * Nothing else in the process waits for it: `dns.lookup` would hold one of the few threads that every `fetch` needs for its own name.
 * @param servers other ones than the machine's, as `address:port`.
 * @throws the signal's reason when it is aborted.
 */
export async function askNameServers(
  name: string,
  { servers, signal }: { servers?: string[]; signal: AbortSignal },
): Promise<NameAnswer> {
  // A resolver of its own, so that giving up ends this question only, and the machine's settings are those of today.
  const resolver = new Resolver({ timeout: tryMs, tries })
  if (servers) resolver.setServers(servers)
  const giveUp = () => resolver.cancel()
  let timer = setTimeout(giveUp, patienceMs)
  const hurry = (records: RecordWithTtl[]) => {
    clearTimeout(timer)
    if (records.length > 0) timer = setTimeout(giveUp, otherKindMs)
    return records
  }
  signal.addEventListener('abort', giveUp)
  try {
    const answers = await Promise.allSettled([
      resolver.resolve4(name, { ttl: true }).then(hurry),
      resolver.resolve6(name, { ttl: true }).then(hurry),
    ])
    signal.throwIfAborted()
    return readAnswers(answers)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
  }
}

function readAnswers([four, six]: PromiseSettledResult<RecordWithTtl[]>[]): NameAnswer {
  const records = [four!, six!].flatMap((answer, index) =>
    answer.status === 'fulfilled' ? answer.value.map((record) => ({ ...record, family: index === 0 ? 4 : 6 })) : [],
  )
  if (records.length > 0) {
    return {
      kind: 'found',
      addresses: records.map(({ address, family }) => ({ address, family })),
      ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1_000,
    }
  }
  const codes = [four!, six!].flatMap((answer) =>
    answer.status === 'rejected' ? [(answer.reason as { code?: string }).code ?? ''] : [],
  )
  return { kind: 'not_found', reason: reasonOf(codes) }
}

const nonexistent = ['ENOTFOUND', 'EBADNAME']
const silent = ['ETIMEOUT', 'ECANCELLED']

function reasonOf(codes: string[]): string {
  if (codes.some((code) => silent.includes(code))) return 'The name servers of the host did not answer in time.'
  if (codes.some((code) => nonexistent.includes(code))) return 'The host name does not exist.'
  if (codes.every((code) => code === 'ENODATA')) return 'The host name has no address.'
  return 'The host name could not be looked up.'
}
