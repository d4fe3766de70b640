import { apiNames } from './daraja/api-names.ts'
import type { ApiName } from './daraja/api-names.ts'
import { isObject } from './is-object.ts'
import { readMsisdn } from './msisdn.ts'
import { fractionOf } from './random.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

/** Each fault with what it does. The first six strike the request, the others its callback or its result. */
export const faults = {
  cut: 'The connection breaks before the request is carried out.',
  http_500: 'The request is not carried out; the answer is 500 Internal Server Error.',
  html_503: 'The request is not carried out; the answer is the 503 page of the firewall, in HTML.',
  spike_arrest: 'The request is not carried out; the answer is Spike Arrest Violation.',
  expire_token: 'The access token has expired; the request is refused for it.',
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

/** Decides which faults strike. Concurrent requests for other phones do not change the outcome under a seed. */
export function drawFaults(world: World, api: ApiName, msisdn: string | null): Struck {
  const { rules, seed, draws, chance } = world.faults
  const struck = new Map<FaultName, FaultRule>()
  for (const [index, rule] of rules.entries()) {
    if (rule.api !== '*' && rule.api !== api) continue
    if (rule.msisdn !== undefined && rule.msisdn !== msisdn) continue
    const key = `${index} ${api} ${msisdn}`
    const draw = draws.get(key) ?? 0
    draws.set(key, draw + 1)
    const fraction = seed === null ? chance.fraction() : fractionOf(`${seed} ${key} ${draw}`)
    if (fraction < rule.probability && !struck.has(rule.fault)) struck.set(rule.fault, rule)
  }
  return struck
}

export const namesOf = (struck: Struck): string | null => [...struck.keys()].join(',') || null

export const presentFaults = ({ faults: { seed, rules } }: World) => (seed === null ? { rules } : { seed, rules })

/** Replaces the rules, and the seed if one is given. Throws a sentence that says what to write instead. */
export function setFaults(world: World, plan: unknown): void {
  if (!isObject(plan)) throw new Error('Send {"rules": […]}, with a "seed" if the same storm is wanted again.')
  const { seed, rules, ...rest } = plan
  refuseUnknown(rest, 'seed, rules')
  if (seed !== undefined && seed !== null && typeof seed !== 'string' && typeof seed !== 'number') {
    throw new Error('seed must be a number or a text.')
  }
  if (!Array.isArray(rules)) throw new Error('rules must be a list of {api, fault, probability, msisdn?, delay_ms?}.')
  const read = rules.map(readRule)
  Object.assign(world.faults, { rules: read, draws: new Map(), ...(seed !== undefined && { seed }) })
  world.changed('faults')
}

function readRule(rule: unknown): FaultRule {
  if (!isObject(rule)) throw new Error('Each rule must be {api, fault, probability, msisdn?, delay_ms?}.')
  const { api, fault, probability, msisdn, delay_ms, ...rest } = rule
  refuseUnknown(rest, 'api, fault, probability, msisdn, delay_ms')
  if (api !== '*' && !apiNames.includes(api as ApiName))
    throw new Error(`api must be "*" or one of ${apiNames.join(', ')}.`)
  if (typeof fault !== 'string' || !Object.hasOwn(faults, fault)) {
    throw new Error(`fault must be one of ${Object.keys(faults).join(', ')}.`)
  }
  if (typeof probability !== 'number' || !(probability >= 0 && probability <= 1)) {
    throw new Error('probability must be a number from 0 to 1.')
  }
  const phone = readMsisdn(msisdn)
  if (msisdn !== undefined && phone === undefined) throw new Error('msisdn must be a Kenyan mobile number.')
  if (delay_ms !== undefined && !(typeof delay_ms === 'number' && delay_ms >= 0 && Number.isFinite(delay_ms))) {
    throw new Error('delay_ms must be a number of milliseconds, 0 or more.')
  }
  return {
    api: api as ApiName | '*',
    ...(phone !== undefined && { msisdn: phone }),
    fault: fault as FaultName,
    probability,
    ...(delay_ms !== undefined && { delay_ms }),
  }
}

function refuseUnknown(rest: Record<string, unknown>, known: string): void {
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw new Error(`There is no field ${unknown} here. There are: ${known}.`)
}
