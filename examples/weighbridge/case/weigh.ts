import { randomUUID } from 'node:crypto'
import { charge } from './charge.ts'
import type { Subject } from './happening.ts'
import { lookUp } from './look-up.ts'
import { Refusal } from './station.ts'
import type { Station } from './station.ts'
import { takeWeight } from './take-weight.ts'

/**
 * Weighs the vehicle on the scale, and opens its file. Nothing is waited for: who it belongs to, and what is owed, is written when it
 * is known.
 * @returns the number of the file
 * @throws Refusal where nothing can be weighed, or the plate is none
 */
export function weigh(station: Station, { plate, vehicle, driver }: Subject): number {
  const written = plate.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  if (written.length < 4 || written.length > 10) throw new Refusal('Write the plate as it is on the vehicle: KBA 123X.')
  const weighing = takeWeight(station, vehicle)
  const number = station.store.open({
    type: weighing.judgement.over_kg > 0 ? 'overloaded' : 'passed',
    at: station.now().toISOString(),
    charge_key: randomUUID(),
    plate: written,
    vehicle,
    driver,
    ...weighing,
  })
  station.changed(number)
  void lookUp(station, number)
  void charge(station, number)
  return number
}
