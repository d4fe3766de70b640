import { html, raw } from 'hono/html'
import type { Language } from './language.ts'
import { markPicture, stylesheet } from './parts.ts'
import type { Html } from './parts.ts'
import type { Asset } from './asset.ts'

export type Layout = {
  language: Language
  title: string
  body: Html
  /** More for the head. */
  head?: Html
  /** A stylesheet that stands in the page itself, in place of the linked one: a page with it needs no second request. */
  style?: Asset
}

/** The address of the stylesheet as it now is. */
export const stylesheetUrl = `/web/lango.css?v=${stylesheet.version}`

const icon = `data:image/svg+xml,${encodeURIComponent(markPicture.text.trim().replace('currentColor', '#0b6b4f'))}`

/** One document: what every page has around its body. */
export function layout({ language, title, head, body, style }: Layout): Html {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="${icon}" />
        ${style ? inlineStyle(style) : html`<link rel="stylesheet" href="${stylesheetUrl}" />`} ${head ?? ''}
      </head>
      <body>
        ${body}
      </body>
    </html>`
}

/** A script that stands in the page itself. */
export function inlineScript(script: Asset): Html {
  return raw(`<script type="module">${script.text}</script>`)
}

function inlineStyle(style: Asset): Html {
  return raw(`<style>${style.text}</style>`)
}
