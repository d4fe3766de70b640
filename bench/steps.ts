import { sql } from '../server/database/sql.ts'
import { assertSettled } from './callbacks.ts'
import type { Loaded, Prepared } from './load.ts'
import { oneByOne, pace } from './pace.ts'
import { prepare } from './prepare.ts'
import { serve } from './served.ts'

/** So many callbacks a second were offered, and this became of them. Times are from the moment at which each was due. */
export type Step = Loaded & { offered: number }

const warmUp = 500

/** Offers callbacks to one server at one rate after the other, each for so long, and asserts that all were settled once. */
export async function measureSteps(
  name: 'lango' | 'floor',
  { url, rates, seconds }: { url: string; rates: number[]; seconds: number },
): Promise<Step[]> {
  const counts = rates.map((rate) => Math.round(rate * seconds))
  const payments = counts.reduce((total, count) => total + count, warmUp)
  let [merchant_id, requests]: [string, Prepared[]] = ['', []]
  const fill = async (database: Parameters<typeof prepare>[0]) => {
    ;({ merchant_id, requests } = await prepare(database, payments))
  }
  return serve(name, { url }, fill, async ({ port, database }) => {
    await oneByOne(port, requests.splice(0, warmUp))
    await database.query(sql`analyze`)
    const steps: Step[] = []
    for (const [index, offered] of rates.entries())
      steps.push(rounded({ offered, ...(await pace(port, requests.splice(0, counts[index]), offered)) }))
    await assertSettled(database, merchant_id, payments)
    return steps
  })
}

const shares = [0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.25, 1.5, 2]

/** Rates from a tenth to twice what is settled at full load. */
export function ratesAround(full: number): number[] {
  return shares.map((share) => Math.round(share * full))
}

function rounded({ offered, perSecond, p50Ms, p99Ms }: Step): Step {
  return { offered, perSecond: Math.round(perSecond), p50Ms: Number(p50Ms.toFixed(1)), p99Ms: Number(p99Ms.toFixed(1)) }
}

/** Prints a line for each load, as a table of Markdown. */
export function printSteps({ lango, floor }: { lango: Step[]; floor: Step[] }): void {
  console.log(
    '\n| offered | Lango settles | p50 ms | p99 ms | floor settles | p50 ms | p99 ms |\n|--:|--:|--:|--:|--:|--:|--:|',
  )
  for (const [index, { offered, ...own }] of lango.entries()) {
    const { offered: _, ...other } = floor[index]!
    console.log(`| ${[offered, ...Object.values(own), ...Object.values(other)].join(' | ')} |`)
  }
}
