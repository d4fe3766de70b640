import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'

/** One thing that was looked at: whether it is as it should be, and if not, how often, where, and what to do. */
export type Finding = { name: string; ok: boolean; count: number; examples: string[]; advice: string }

export const examplesMax = 5

/** Nothing is wrong, or this often, with some examples. */
export function finding(name: string, advice: string, examples: string[], count = examples.length): Finding {
  return { name, ok: count === 0, count, examples: examples.slice(0, examplesMax), advice }
}

/**
 * Reads, and can do nothing else: in a transaction that may not write, and a statement that takes too long is ended. It takes no
 * lock that anybody waits for, so it may run while money moves.
 */
export function look<Row>(context: Context, query: Sql): Promise<Row[]> {
  return context.database.transaction(async (transaction) => {
    await transaction.query(sql`set transaction read only`)
    await transaction.query(sql`set local statement_timeout = '20s'`)
    return transaction.query<Row>(query)
  })
}
