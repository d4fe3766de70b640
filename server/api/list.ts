import { z } from '@hono/zod-openapi'
import { parseId, showId } from '../id.ts'
import type { Prefix } from '../id.ts'
import { Problem } from '../problem.ts'
import type { Page } from './list-rows.ts'

/** The parameters that every list takes. */
export const pageParams = {
  limit: z.coerce.number().int().min(1).max(100).default(20).openapi({ type: 'integer', example: 20 }),
  cursor: z.string().max(100).optional(),
}

const csv = z
  .string()
  .openapi({ description: 'The same rows, all pages of them, with the names of JSON in the first line.' })

/** The schema of a page of a list, newest first; and of the whole list as a CSV. */
export function page<Schema extends z.ZodType>(item: Schema, description: string) {
  const meta = z.object({ has_more: z.boolean(), next_cursor: z.string().nullable() })
  const schema = z.object({ success: z.literal(true), data: z.array(item), meta })
  return { content: { 'application/json': { schema }, 'text/csv': { schema: csv } }, description }
}

/**
 * Reads the query of a list to the page that it asks for; what is no parameter of every list is its filter.
 * @throws a Problem when no list of this noun gave the cursor.
 */
export function readListing<Query extends { limit: number; cursor?: string | undefined }>(
  prefix: Prefix,
  { limit, cursor, ...filter }: Query,
) {
  return { filter, limit, before: cursor === undefined ? undefined : readCursor(prefix, cursor) }
}

function readCursor(prefix: Prefix, cursor: string): string {
  const id = parseId(prefix, cursor)
  if (!id) throw new Problem('invalid_cursor', 'A cursor is the next_cursor of the page before.', 'cursor')
  return id
}

/** One page of a list: the rows as they are shown, and where the next page begins. */
export function pageOf<Row extends { id: string }, Shown>(prefix: Prefix, found: Page<Row>, show: (row: Row) => Shown) {
  return pageBy((row) => showId(prefix, row.id), found, show)
}

/** One page of a list whose cursors are not ids. */
export function pageBy<Row, Shown>(
  cursorOf: (row: Row) => string,
  { rows, hasMore }: Page<Row>,
  show: (row: Row) => Shown,
) {
  const last = hasMore ? rows.at(-1) : undefined
  return {
    success: true as const,
    data: rows.map(show),
    meta: { has_more: hasMore, next_cursor: last ? cursorOf(last) : null },
  }
}
