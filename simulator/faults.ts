import type { ApiName } from './api-names.ts'
import type { Random } from './random.ts'

/** Each fault with what it does. The first seven strike the request, the others its callback or its result. */
export const faults = {
  cut: 'The connection breaks before the request is carried out.',
  http_500: 'The request is not carried out; the answer is 500 Internal Server Error.',
  html_503: 'The request is not carried out; the answer is the 503 page of the firewall, in HTML.',
  spike_arrest: 'The request is not carried out; the answer is Spike Arrest Violation.',
  expire_token: 'The access token has expired; the request is refused for it.',
  html_200: 'The request is carried out; the answer is an HTML page with status 200.',
  drop_response: 'The request is carried out, and the connection breaks before the answer.',
  drop_callback: 'The callback is never sent.',
  duplicate_callback: 'The callback is sent twice, the second `delay_ms` after the first.',
  late_callback: 'The callback is sent `delay_ms` late, two minutes by default.',
  early_callback: 'The callback is sent and answered before the request itself is answered.',
  reorder: 'The callback waits until a later one has been delivered, or for `delay_ms`, 30 seconds by default.',
  queue_timeout:
    'The request waits too long in the queue of M-PESA: its QueueTimeOutURL is told. With `delay_ms` it is carried out all the same, that much later.',
} as const

export type FaultName = keyof typeof faults

export type FaultRule = {
  api: ApiName | '*'
  /** Only for this phone. */
  msisdn?: string
  fault: FaultName
  /** 0 to 1. */
  probability: number
  delay_ms?: number
}

export type FaultPlan = {
  seed: string | number | null
  rules: FaultRule[]
  /** How often each rule was asked about each phone: the n-th draw depends on the seed and these alone. */
  draws: Map<string, number>
  chance: Random
}

/** The faults that strike one request and its callback, with the rules that they came from. */
export type Struck = ReadonlyMap<FaultName, FaultRule>

export const namesOf = (struck: Struck): string | null => [...struck.keys()].join(',') || null

export const presentFaults = ({ seed, rules }: FaultPlan) => (seed === null ? { rules } : { seed, rules })
