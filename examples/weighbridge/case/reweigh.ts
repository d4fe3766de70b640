import { caseOf, Refusal, write } from './station.ts'
import type { Station } from './station.ts'
import { takeWeight } from './take-weight.ts'

/**
 * Weighs again after the load was corrected, which the memo permits; within the limits the vehicle is released.
 * @throws Refusal before the fine is paid, and where nothing can be weighed
 */
export function reweigh(station: Station, number: number): void {
  const { status, memo, first } = caseOf(station, number)
  if (status === 'released') throw new Refusal('It was released already.')
  if (!memo) throw new Refusal('The load may be corrected when the fine is paid.')
  const weighing = takeWeight(station, first.vehicle)
  write(station, number, { type: 'reweighed', ...weighing })
  if (weighing.judgement.over_kg === 0) write(station, number, { type: 'released' }, `released:${number}`)
}
