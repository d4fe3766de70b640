import { apiNames } from './api-names.ts'
import type { ApiName } from './api-names.ts'
import { faults } from './faults.ts'
import type { FaultName, FaultRule } from './faults.ts'
import { isObject } from './is-object.ts'
import { readMsisdn } from './msisdn.ts'
import type { World } from './world.ts'

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
