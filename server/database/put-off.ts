import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { isAway } from './outage.ts'
import { raw, sql } from './sql.ts'

const pauseMs = 5 * 60_000

/** A row that is due, of a merchant; with an id, where it is not the only one of theirs. */
export type DueRow = { merchant_id: string; id?: string }

/** Where rows stand that are due. */
export type Place = {
  table: string
  /** The column that says when a row is due, where claiming it has not moved that. */
  due?: string
  /** The column of what is named `id` here. */
  id?: string
}

/**
 * Tells of a row whose work failed in the log, by its id, and lets it be due again in five minutes.
 * @throws that the database is away, which is no fault of a row.
 */
export async function putOff(
  context: Context,
  { merchant_id, id }: DueRow,
  { table, due, id: column = 'id' }: Place,
  error: unknown,
): Promise<void> {
  if (due !== undefined)
    await context.database.query(sql`
      update ${raw(table)} set ${raw(due)} = ${later(context.clock.now(), pauseMs)}
      where merchant_id = ${merchant_id} and ${raw(column)} = ${id} and ${raw(due)} <= ${context.clock.now()}`)
  else if (isAway(error)) throw error
  context.log.error({ error, table, merchant_id, id }, 'What was due failed, and is put off; the rest goes on.')
}
