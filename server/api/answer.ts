import { parseId, showId } from '../id.ts'
import type { Prefix } from '../id.ts'
import { Problem } from '../problem.ts'

/** A successful answer. */
export function succeeded<Data>(data: Data) {
  return { success: true as const, data }
}

/** One page of a list: the rows as they are shown, and where the next page begins. */
export function pageOf<Row extends { id: string }, Shown>(
  prefix: Prefix,
  rows: Row[],
  hasMore: boolean,
  show: (row: Row) => Shown,
) {
  const last = hasMore ? rows.at(-1) : undefined
  return {
    success: true as const,
    data: rows.map(show),
    meta: { has_more: hasMore, next_cursor: last ? showId(prefix, last.id) : null },
  }
}

/** The id that a cursor stands for. @throws a Problem when a list gave no such cursor. */
export function readCursor(prefix: Prefix, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const id = parseId(prefix, cursor)
  if (!id) throw new Problem('invalid_cursor', 'A cursor is the next_cursor of the page before.', 'cursor')
  return id
}
