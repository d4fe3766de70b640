import type { Context } from '../context.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'

/** One thing that was looked at: what came of it, and what to do. */
export type Finding = {
  name: string
  /** As it should be; not so, and to be mended; or nobody could tell from here. */
  state: 'ok' | 'fix' | 'unknown'
  /** How often it is not as it should be. */
  count: number
  /** Where it is not, why nobody could tell, or what was seen: sentences. */
  examples: string[]
  /** What to do unless it is ok. */
  advice: string
}

const examplesMax = 5

/** Nothing is wrong, or this often, with some examples. */
export function finding(name: string, advice: string, examples: string[], count = examples.length): Finding {
  return { name, state: count === 0 ? 'ok' : 'fix', count, examples: examples.slice(0, examplesMax), advice }
}

/** What was seen of one thing: what is wrong, what nobody could tell, and what is right. */
export type Seen = { wrong?: string[]; unknown?: string[]; right?: string[] }

/** What is wrong outweighs what nobody could tell, and that what is right. */
export function findingOf(name: string, advice: string, ...seen: Seen[]): Finding {
  const wrong = seen.flatMap((one) => one.wrong ?? [])
  if (wrong.length > 0) return finding(name, advice, wrong)
  const unknown = seen.flatMap((one) => one.unknown ?? [])
  const examples = unknown.length > 0 ? unknown : seen.flatMap((one) => one.right ?? [])
  const state = unknown.length > 0 ? 'unknown' : 'ok'
  return { name, state, count: 0, examples: examples.slice(0, examplesMax), advice }
}

/**
 * Reads, and can do nothing else: in a transaction that may not write, and a statement that takes too long is ended. It takes no
 * lock that anybody waits for, so it may run while money moves.
 */
export function look<Row>(
  context: Context,
  query: Sql,
  { patienceMs = 20_000, nestsLoops = true } = {},
): Promise<Row[]> {
  return context.database.transaction(async (transaction) => {
    await transaction.query(sql`set transaction read only`)
    await transaction.query(raw(`set local statement_timeout = ${patienceMs}`))
    if (!nestsLoops) await transaction.query(sql`set local enable_nestloop = off`)
    return transaction.query<Row>(query)
  })
}

/** PostgreSQL's word for a statement that was ended: here, because it took longer than a look may. */
const queryCanceled = '57014'

/** True where a look took too long, and was ended. */
export function isTooSlow(error: unknown): boolean {
  return (error as { code?: string }).code === queryCanceled
}
