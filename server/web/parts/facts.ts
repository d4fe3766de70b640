import { html } from 'hono/html'
import { prose } from '../html.ts'
import type { Html, Shown } from '../html.ts'

/** A fact with its name. One whose value is an empty text is left out. */
export type Fact = readonly [name: string, value: Shown]

/** Facts, one on each line. */
export function facts(list: readonly Fact[]): Html {
  return html`<dl class="facts">
    ${list
      .filter(([, value]) => value !== '')
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${prose(name)}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`
}

const wholeMax = 20

/** A code or number that is copied letter by letter: not broken, unless it is an id, which a narrow column could not show. */
export function code(text: string): Html {
  return html`<span class="code ${text.length <= wholeMax ? 'whole' : 'id'}">${text}</span>`
}
