import { html } from 'hono/html'
import type { Html, Shown } from '../html.ts'

/** A column: its name, and what it shows of a row. */
export type Column<Row> = {
  name: string
  show(row: Row): Shown
  /** `num` stands to the right, `words` may break, `code` and `soft` are looks. */
  look?: '' | 'num' | 'words' | 'code' | 'soft' | 'money'
  /** True for what a narrow screen can do without. */
  isExtra?: boolean
}

/** Rows under the names of their columns. On a narrow screen the extra columns go, and the rest can be moved sideways. */
export function table<Row>(caption: string, columns: Column<Row>[], rows: Row[]): Html {
  const classOf = ({ isExtra }: Column<Row>, look: Column<Row>['look'] = '') =>
    `${look}${isExtra ? ' hide-small' : ''}`.trim()
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table class="rows">
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class="${classOf(column, column.look === 'num' ? 'num' : '')}">${column.name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map((column) => html`<td class="${classOf(column, column.look)}">${column.show(row)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
