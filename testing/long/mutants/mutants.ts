import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../tidy.ts'
import { arrivingMutants } from './arriving.ts'
import { billingMutants } from './billing.ts'
import { callMutants } from './calls.ts'
import { findingMutants } from './finding.ts'
import type { Mutant } from './mutant.ts'
import { settlingMutants } from './settling.ts'

/** At least one for each rule of a payment's life. */
export const mutants = [...callMutants, ...settlingMutants, ...arrivingMutants, ...findingMutants, ...billingMutants]

/** Says of each mutant whose place in the program is gone, or is no longer one place, how often its text stands there. */
export function staleMutants(): string[] {
  return mutants.flatMap(({ file, find, fault }) => {
    const times = timesIn(readFileSync(join(root, file), 'utf8'), find)
    return times === 1 ? [] : [`${fault}: ${file} has this ${times} times: ${find}`]
  })
}

/** The mutant's fault in a text, or undefined where the text is not there once. */
export function mutated(text: string, { find, put }: Mutant): string | undefined {
  return timesIn(text, find) === 1 ? text.split(find).join(put) : undefined
}

function timesIn(text: string, find: string): number {
  return text.split(find).length - 1
}
