import { html } from 'hono/html'
import type { Html } from '../html.ts'
import { mark } from '../mark.ts'

/** What a list says when there is nothing in it: what will be here, and the one thing to do. */
export function empty({ title, words, action }: { title: string; words: string; action?: Html }): Html {
  return html`<section class="sheet empty">
    ${mark}
    <h2>${title}</h2>
    <p class="soft">${words}</p>
    ${action ?? ''}
  </section>`
}
