import type { Lango } from '@lango/client'
import type { Now } from '../clock.ts'
import type { LookUps } from '../look-ups/look-ups.ts'
import type { Scale } from '../scale/scale.ts'
import { readCase } from './case.ts'
import type { Case } from './case.ts'
import type { Happening } from './happening.ts'
import type { Limits } from './overload.ts'
import type { Store } from './store.ts'

/** Everything that a verb of the weighbridge may touch. */
export type Station = {
  scale: Scale
  store: Store
  lango: Lango
  lookUps: LookUps
  limits: Limits
  now: Now
  /** Where a browser finds the weighbridge. */
  url: string
  /** Called with the number of a case of which something was written. */
  changed(caseNumber: number): void
}

/** What is wrong with what somebody at the weighbridge asked for, in a sentence for them. */
export class Refusal extends Error {}

/** @throws Refusal where there is none */
export function caseOf({ store }: Station, number: number): Case {
  const found = readCase(number, store.read(number))
  if (!found) throw new Refusal('There is no such case.')
  return found
}

/** Writes into a case file, once for each key, and tells the pages. */
export function write(station: Station, caseNumber: number, happening: Happening, key?: string): boolean {
  const isNew = station.store.add(caseNumber, { ...happening, at: station.now().toISOString() }, key)
  if (isNew) station.changed(caseNumber)
  return isNew
}
