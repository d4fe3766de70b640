import { html } from 'hono/html'
import type { Html, Shown } from '../html.ts'

/** An answer as a colour, a sentence and one thing to do. */
export type Answer = { look: 'good' | 'late' | 'bad'; title: string; body: Shown; action?: Html }

/** What was found out, where the reader asked. */
export function answer({ look, title, body, action }: Answer): Html {
  return html`<article class="answer ${look}" role="status">
    <h3>${title}</h3>
    ${body} ${action ? html`<div class="acts">${action}</div>` : ''}
  </article>`
}
