import { html, raw } from 'hono/html'
import type { Asset } from './asset.ts'
import type { Html } from './html.ts'
import type { Language } from './language.ts'
import { markPicture } from './mark.ts'
import { stylesheet } from './stylesheet.ts'

export type Layout = {
  language: Language
  title: string
  body: Html
  /** More for the head. */
  head?: Html
  /** Stylesheets that stand in the page itself, in place of the linked one: a page with them needs no second request. */
  styles?: Asset[]
}

/** The address of the stylesheet as it now is. */
export const stylesheetUrl = `/web/lango.css?v=${stylesheet.version}`

const icon = `data:image/svg+xml,${encodeURIComponent(markPicture.text.trim().replace('currentColor', '#0b6b4f'))}`

/** One document: what every page has around its body. */
export function layout({ language, title, head, body, styles }: Layout): Html {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="${icon}" />
        ${styles ? styles.map(inlineStyle) : html`<link rel="stylesheet" href="${stylesheetUrl}" />`} ${head ?? ''}
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
