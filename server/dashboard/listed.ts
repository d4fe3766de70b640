import type { z } from 'zod'
import type { Listing, Page } from '../api/list-rows.ts'
import type { Context } from '../context.ts'
import type { Prefix } from '../id.ts'
import { sendCsv } from './csv.ts'
import type { CsvColumn } from './csv.ts'
import type { DeskContext } from './desk-context.ts'
import { rowsShown } from './list-part.ts'
import { readFilter, readQuery } from './query.ts'
import { environmentOf } from './may.ts'
import type { SignedIn } from './signed-in.ts'

/** A page of a list, as an address asks for it. */
export type Listed<Row> = {
  signedIn: SignedIn
  /** What was typed to narrow it, and what of that cannot be read. */
  typed: Record<string, string>
  wrong: Record<string, string>
  found: Page<Row>
  /** True where this is not the first page. */
  isLater: boolean
  now: Date
}

/** True where there is nothing at all, so that there is nothing to search, narrow or download either. */
export function isBare<Row>({ found, typed, isLater }: Listed<Row>): boolean {
  return found.rows.length === 0 && !isLater && Object.keys(typed).length === 0
}

/** What can be listed: by which parameters it is narrowed, and the verb that finds it. */
export type Listable<Shape extends z.ZodRawShape, Row> = {
  params: Shape
  prefix: Prefix
  list: (context: Context, listing: Listing<Partial<z.output<z.ZodObject<Shape>>>>) => Promise<Page<Row>>
}

/** The page of a list that the address asks for, of the money that one looks at. */
export async function listedFor<Shape extends z.ZodRawShape, Row>(
  c: DeskContext,
  { params, prefix, list }: Listable<Shape, Row>,
): Promise<Listed<Row>> {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const { filter, typed, wrong, before } = readQuery(c, params, prefix)
  const found = await list(context, {
    merchant_id,
    mode,
    filter: { ...filter, ...environmentOf(signedIn) },
    limit: rowsShown,
    ...(before && { before }),
  })
  return { signedIn, typed, wrong, found, isLater: before !== undefined, now: context.clock.now() }
}

/** Sends as a CSV exactly what the address asks for, all pages of it. @throws a Problem when it cannot be read. */
export function downloadFor<Shape extends z.ZodRawShape, Row extends { id: string }>(
  c: DeskContext,
  { params, list }: Listable<Shape, Row>,
  { name, columns }: { name: string; columns: CsvColumn<Row>[] },
): Response {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const filter = readFilter(c, params)
  return sendCsv(c, name, columns, (page) =>
    list(context, { merchant_id, mode, filter: { ...filter, ...environmentOf(signedIn) }, ...page }),
  )
}
