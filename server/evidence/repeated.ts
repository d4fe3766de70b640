import type { Context } from '../context.ts'
import { storeCallbacks } from '../callbacks/store.ts'
import { sql } from '../database/sql.ts'
import { callbacksOf } from './evidence.ts'
import type { Evidence, Fact } from './evidence.ts'

/**
 * True when PostgreSQL refused evidence because it is in the books already: what was kept, since nobody heard whether it was
 * committed, has met its own late original. That is no bad row.
 */
export function isRepeat(error: unknown): boolean {
  const { code, table = '' } = error as { code?: string; table?: string }
  return code === '23505' && /^evidence(_|$)/.test(table)
}

/** What evidence did when it was stored. */
type Stored = { id: string; effect: string }

/** Parts what is in the books, with what it did then, from what is not. The bodies of the former wait for nothing any more. */
export async function partRepeated<Learnt extends Evidence>(
  context: Context,
  round: Fact<Learnt>[],
): Promise<{ stored: Stored[]; fresh: Fact<Learnt>[] }> {
  const all = round.flatMap(({ evidence, repeats }) => [evidence, ...repeats])
  const stored = await context.database.query<Stored>(sql`
    select e.id, e.effect from unnest(${all.map(({ merchant_id }) => merchant_id)}::uuid[], ${all.map(({ id }) => id)}::uuid[])
      as n (merchant_id, id) join evidence e using (merchant_id, id)`)
  const known = new Set(stored.map(({ id }) => id))
  await storeCallbacks(
    context,
    callbacksOf(round).filter(({ id }) => known.has(id)),
  )
  return { stored, fresh: round.flatMap((fact) => without(fact, known)) }
}

function without<Learnt extends Evidence>({ evidence, repeats }: Fact<Learnt>, known: Set<string>): Fact<Learnt>[] {
  const [first, ...others] = [evidence, ...repeats].filter(({ id }) => !known.has(id))
  return first ? [{ evidence: first, repeats: others }] : []
}
