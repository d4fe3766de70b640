import type { ApiName } from './api-names.ts'
import type { FaultName, FaultRule, Struck } from './faults.ts'
import { fractionOf } from './random.ts'
import type { World } from './world.ts'

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
