import { formatNairobi } from '@lango/daraja'
import { dayOf } from '../day.ts'
import { html } from 'hono/html'
import { placesOf } from '../accounts/find.ts'
import { csvRow } from '../api/csv.ts'
import type { Page } from '../api/list-rows.ts'
import type { Html } from '../web/html.ts'
import { pathWith } from './query.ts'
import type { DeskContext } from './desk-context.ts'

/** A column of a file for accountants: its name, and what it holds of a row. Accounts are told by where they are paid to. */
export type CsvColumn<Row> = readonly [name: string, value: (row: Row, places: ReadonlyMap<string, string>) => string]

/** The account of a row, as it is known outside: `paybill 174379`. */
export const accountColumn: CsvColumn<{ provider_account_id: string }> = [
  'Account',
  ({ provider_account_id }, places) => places.get(provider_account_id) ?? '',
]

const pageSize = 500

/** The way to a file of exactly what is shown. */
export function csvLink(path: string, typed: Record<string, string>): Html {
  return html`<a class="may" id="csv" href="${pathWith(`${path}.csv`, typed)}" download>Download CSV</a>`
}

/**
 * Sends a list as a CSV, all pages of it, one page at a time: a list of any length takes the memory of a page. It begins with the
 * mark by which spreadsheets know UTF-8, and what would be a formula in it is text. What breaks midway breaks the file off.
 */
export function sendCsv<Row extends { id: string }>(
  c: DeskContext,
  name: string,
  columns: CsvColumn<Row>[],
  page: (which: { limit: number; before?: string }) => Promise<Page<Row>>,
): Response {
  const { context, caller } = c.var
  const encoder = new TextEncoder()
  let places: ReadonlyMap<string, string> | undefined
  let before: string | undefined
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode(`\uFEFF${csvRow(columns.map(([title]) => title))}`)),
      async pull(controller) {
        const known = (places ??= await placesOf(context, caller.merchant_id))
        const { rows, hasMore } = await page({ limit: pageSize, ...(before && { before }) })
        const lines = rows.map((row) => csvRow(columns.map(([, value]) => value(row, known))))
        if (lines.length > 0) controller.enqueue(encoder.encode(lines.join('')))
        before = rows.at(-1)?.id
        if (!hasMore) controller.close()
      },
    },
    // Nothing is asked for before somebody reads.
    { highWaterMark: 0 },
  )
  const day = dayOf(context.clock.now())
  return c.body(stream, 200, {
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': `attachment; filename="${name}-${day}.csv"`,
  })
}

/** A moment in a file, as Nairobi's clocks show it and spreadsheets read it. */
export function csvTime(at: Date | null): string {
  return at ? formatNairobi(at, 'yyyy-MM-dd HH:mm:ss') : ''
}
