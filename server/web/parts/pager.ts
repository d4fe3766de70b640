import { html } from 'hono/html'
import type { Html } from '../html.ts'

/** The ways to the pages before and after, and what this one shows. */
export type Pager = {
  label: string
  newer?: string
  older?: string
  words: { newer: string; older: string; shown: string }
}

/** Where a list goes on. */
export function pager({ label, newer, older, words }: Pager): Html {
  const way = (href: string | undefined, text: string, rel: 'prev' | 'next') =>
    href ? html`<a class="may" href="${href}" rel="${rel}">${text}</a>` : html`<span></span>`
  return html`<nav class="pager" aria-label="${label}">
    ${way(newer, words.newer, 'prev')}<span class="soft">${words.shown}</span>${way(older, words.older, 'next')}
  </nav>`
}
