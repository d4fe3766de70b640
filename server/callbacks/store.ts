import type { Context } from '../context.ts'
import { values } from '../database/columns.ts'
import { isPartitionMissing, makePartitions } from '../database/partitions.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Callback } from './callback.ts'

/** A callback on its way into the table: with `settle_at` it still waits to be acted on, `problem` says why. */
export type StoredCallback = Callback & { settle_at?: Date; problem?: string }

/**
 * The insert of raw bodies, to stand inside the statement that acts on them. One that was kept alone is thereby acted on; one
 * that somebody has acted on stays as it is.
 */
export function callbackRows(callbacks: StoredCallback[]): Sql {
  // Two rows of one id in a statement are an error: a body that was kept may come together with its late original.
  const distinct = [...new Map(callbacks.map((callback) => [callback.id, callback])).values()]
  const kept = distinct.map((callback) => ({ ...callback, headers: JSON.stringify(callback.headers) }))
  return sql.named`
    insert into callbacks ${values(kept, {
      merchant_id: 'uuid',
      id: 'uuid',
      kind: 'text',
      subject_id: 'uuid',
      received_at: 'timestamptz',
      path: 'text',
      source_address: 'text',
      headers: 'jsonb',
      body: 'bytea',
      settle_at: 'timestamptz',
      problem: 'text',
    })}
    on conflict (merchant_id, id) do update set settle_at = excluded.settle_at, problem = excluded.problem
      where callbacks.settle_at is not null`
}

/** Keeps raw bodies by themselves, to be acted on at their `settle_at`, or never. Safe to repeat. */
export async function storeCallbacks(context: Context, callbacks: StoredCallback[]): Promise<void> {
  try {
    await context.database.query(callbackRows(callbacks))
  } catch (error) {
    if (!isPartitionMissing(error)) throw error
    await makePartitions(context.database, callbacks[0]!.received_at)
    await context.database.query(callbackRows(callbacks))
  }
}

/** Says of a body that is kept why a person is to look at it. Safe to repeat. */
export async function callIntoQuestion(
  context: Context,
  { merchant_id, id }: Pick<Callback, 'merchant_id' | 'id'>,
  problem: string,
): Promise<void> {
  await context.database.query(
    sql`update callbacks set problem = ${problem} where merchant_id = ${merchant_id} and id = ${id} and problem is null`,
  )
}
