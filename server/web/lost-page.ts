import type { HonoRequest } from 'hono'
import { html } from 'hono/html'
import type { Html } from './html.ts'
import { readingPage } from './page.ts'
import { ring } from './parts/ring.ts'

/** What a person sees at an address where there is nothing. A program is answered by the API. */
export function lostPage(): Html {
  return readingPage({
    title: 'Nothing is here',
    places: [
      { href: '/docs', name: 'Reference' },
      { href: '/docs/errors', name: 'Errors' },
    ],
    body: html`<section class="read">
      <div class="sheet empty">
        ${ring('search', 'late')}
        <h1>Nothing is here</h1>
        <p class="soft">The address is not complete, or not right. Payers open the link that their shop sent them.</p>
        <a class="may" href="/">To the beginning</a>
      </div>
    </section>`,
  })
}

/** True for a browser that shows what it gets to a person. */
export function isForReading(request: Pick<HonoRequest, 'method' | 'header'>): boolean {
  return request.method === 'GET' && /\btext\/html\b/.test(request.header('Accept') ?? '')
}
