import { Refusal } from './station.ts'
import type { Station } from './station.ts'
import { judge } from './overload.ts'
import type { Weighing } from './happening.ts'

/** Up to here a scale is empty: mud, rain, somebody's foot. */
const emptyKgMax = 10

/**
 * Takes the weight that the scale shows, and holds it against the limits.
 * @throws Refusal while it moves, while nothing stands there, and while the scale is not heard
 */
export function takeWeight({ scale, limits }: Station, vehicle: string): Weighing {
  const { kg, decksKg, isStable, fault, trouble } = scale.now()
  if (fault) throw new Refusal(`The scale shows ${fault}: no weight can be taken.`)
  if (kg === null) throw new Refusal(`The scale is not heard. ${trouble}`)
  if (kg <= emptyKgMax) throw new Refusal('The scale is empty.')
  if (!isStable) throw new Refusal('The weight does not stand still yet. Wait a moment, and weigh again.')
  if (!limits.vehicles[vehicle]) throw new Refusal('Choose what kind of vehicle it is.')
  return { kg, decksKg, judgement: judge(limits, vehicle, { kg, decksKg }) }
}
