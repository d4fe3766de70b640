import { html } from 'hono/html'
import type { Html } from '../../web/html.ts'
import { layout } from '../../web/layout.ts'
import { brand } from '../../web/page.ts'

/** A page in front of the desk: one question, in the middle. */
export function doorPage({
  title,
  lead,
  body,
  under,
}: {
  title: string
  lead?: string
  body: Html
  under?: Html
}): Html {
  return layout({
    language: 'en',
    title: `${title} · Lango`,
    body: html`<main class="door">
      ${brand('/')}
      <div class="sheet body stack">
        <h1>${title}</h1>
        ${lead ? html`<p class="soft">${lead}</p>` : ''} ${body}
      </div>
      ${under ? html`<p class="small soft">${under}</p>` : ''}
    </main>`,
  })
}
