import { readFileSync } from 'node:fs'
import { html, raw } from 'hono/html'
import type { Markup } from './live.ts'

/** The tokens are Lango's own, kept here once more: the simulator knows nothing of the server. */
export const stylesheet = ['tokens.css', 'simulator.css']
  .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
  .join('\n')

export const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" aria-hidden="true"><path d="M4 29V15a12 12 0 0 1 24 0v14h-6V15.5a6 6 0 0 0-12 0V29H4Z" fill="currentColor"/><circle cx="16" cy="17" r="2.6" fill="#f2a93b"/></svg>`

/** What follows a page's changes in the browser. */
export const followScript = readFileSync(new URL('live-script.js', import.meta.url), 'utf8')

export type Page = {
  title: string
  path: '/' | '/phone' | '/faults'
  content: Markup
  /** Where the page's changes are followed, and what the simulator's clock shows now. */
  live?: { url: string; now: Date }
}

const places = [
  ['/phone', 'Phones'],
  ['/faults', 'Faults'],
  ['/', 'About'],
] as const

/** A page of the simulator, whole. */
export const layout = ({ title, path, content, live }: Page): Markup =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/simulator.svg" />
        <link rel="stylesheet" href="/simulator.css" />
      </head>
      <body ${live && html`data-live="${live.url}" data-now="${live.now.getTime()}"`}>
        <header class="head">
          <a class="brand" href="/">${raw(mark)} Lango</a>
          <nav aria-label="Simulator">
            ${places.map(
              ([to, name]) => html`<a href="${to}" ${to === path ? raw('aria-current="page"') : ''}>${name}</a>`,
            )}
          </nav>
          <span class="env">Simulator</span>
        </header>
        <main>${content}</main>
        <p id="said" class="unseen" role="status"></p>
        ${
          live &&
          html`<script type="module">
            ${raw(followScript)}
          </script>`
        }
      </body>
    </html>`
