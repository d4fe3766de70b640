import { html } from 'hono/html'
import { showId } from '../id.ts'
import type { Prefix } from '../id.ts'
import type { Html } from '../web/html.ts'
import { pager } from '../web/parts/pager.ts'
import { table } from '../web/parts/table.ts'
import type { Column } from '../web/parts/table.ts'
import { pathWith, without } from './query.ts'

/** As many rows as one looks at at once. */
export const rowsShown = 50

/** A page of a list: its rows, how it goes on, and what it says where there is nothing. */
export type ListPart<Row> = {
  /** What the rows are: `Payments, newest first`. */
  caption: string
  prefix: Prefix
  path: string
  /** What the list is narrowed to, as the address has it. */
  typed: Record<string, string>
  /** What of that cannot be read, and narrows nothing. */
  wrong: Record<string, string>
  columns: Column<Row>[]
  found: { rows: Row[]; hasMore: boolean }
  /** True where this is not the first page. */
  isLater: boolean
  /** What will be here, where nothing is and nothing was narrowed; and what stands there where nothing fits. */
  none: Html
  noneFits: string
}

/** The rows of a list, and the ways to those before and after; above them what of the address cannot be read. */
export function listPart<Row extends { id: string }>(part: ListPart<Row>): Html {
  const { path, typed, wrong } = part
  return html`${Object.entries(wrong).map(
    ([name, sentence]) =>
      html`<p class="wrong">
        ${sentence} <a href="${pathWith(path, without(typed, name))}">Show the list without it</a>
      </p>`,
  )}
  ${rowsPart(part)}`
}

function rowsPart<Row extends { id: string }>(part: ListPart<Row>): Html {
  const { caption, prefix, path, typed, columns, found, isLater, none, noneFits } = part
  const { rows, hasMore } = found
  if (rows.length === 0 && !isLater && Object.keys(typed).length === 0) return none
  if (rows.length === 0)
    return html`<section class="sheet">
      <div class="body stack">
        <p class="soft">${isLater ? 'There is nothing further.' : noneFits}</p>
        <div class="acts">
          <a class="may" href="${isLater ? pathWith(path, typed) : path}">${isLater ? 'To the newest' : 'Show all'}</a>
        </div>
      </div>
    </section>`
  const last = rows.at(-1)!
  return html`<section class="sheet">
    ${table(caption, columns, rows)}
    ${
      hasMore || isLater
        ? pager({
            label: `More: ${caption}`,
            ...(isLater && { newer: pathWith(path, typed) }),
            ...(hasMore && { older: pathWith(path, { ...typed, cursor: showId(prefix, last.id) }) }),
            words: { newer: 'To the newest', older: 'Older', shown: `${rows.length} shown` },
          })
        : ''
    }
  </section>`
}
