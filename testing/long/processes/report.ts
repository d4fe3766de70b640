import { compareBooks } from './books.ts'
import type { Installation } from './installation.ts'
import type { Attempt, Load } from './load.ts'

/** What the customers met, in one line. */
export function tellAttempts(attempts: Attempt[]): string {
  const took = attempts.map(({ beganAt, endedAt }) => endedAt - beganAt).sort((left, right) => left - right)
  const at = (part: number) => Math.round(took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0)
  const failed = attempts.filter(({ status }) => status === 0 || status >= 400)
  return `requests ${attempts.length}, failed ${failed.length}${kinds(failed)}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`
}

function kinds(failed: Attempt[]): string {
  const counts = Map.groupBy(failed, ({ status, code }) =>
    status === 0 ? 'cut off' : `${status} ${code ?? ''}`.trim(),
  )
  const told = [...counts].map(([kind, { length }]) => `${length} ${kind}`)
  return told.length > 0 ? ` (${told.join(', ')})` : ''
}

/** Holds the books against ledger, answers, road and shop, when everything has come to rest; answers what is wrong, having told it. */
export async function reportBooks(name: string, installation: Installation, { orders }: Load): Promise<string[]> {
  const { lost, double, eventsMissing, callbacksLost, complaints, ...books } = await compareBooks(installation, orders)
  const problems = [...lost, ...double, ...eventsMissing, ...callbacksLost, ...complaints]
  for (const problem of problems.slice(0, 50)) console.log(`  ${problem}`)
  console.log(
    `${name}: payments ${books.payments} (${books.completed} completed, ${books.unknown} unknown without money), ` +
      `callbacks acknowledged ${books.acknowledged} (${books.kept} kept for later, ${installation.outside.turnedAway()} turned away), ` +
      `lost ${lost.length}, double ${double.length}, events missing ${eventsMissing.length}, ` +
      `acknowledged callbacks lost ${callbacksLost.length}`,
  )
  return problems
}
