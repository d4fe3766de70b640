import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** A page of the weighbridge. What is put into it is escaped. */
export function page(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Weighbridge</title>
        <link rel="stylesheet" href="/weighbridge.css" />
        <script src="/live.js" defer></script>
      </head>
      <body>
        <header class="top">
          <a class="brand" href="/">Mizani <small>Mariakani weighbridge</small></a
          ><span class="env">Example</span>
        </header>
        <main>${body}</main>
      </body>
    </html>`
}

/** The weight as it is now; `live.js` keeps it so. */
export function liveWeight(name: string): Html {
  return html`<section class="sheet scale" data-scale aria-live="polite">
    <p class="soft small">On the scale, by ${name}</p>
    <p class="amount"><b data-kg>–</b> <small>kg</small></p>
    <p><span class="status pending" data-state>Connecting</span></p>
    <p class="soft small" data-decks></p>
  </section>`
}

/** What went wrong, and the way back. */
export function refusalPage(message: string, back: string): Html {
  return page(
    'Not done',
    html`<section class="sheet narrow">
      <h1>That was not done</h1>
      <p>${message}</p>
      <p><a class="may" href="${back}">Back</a></p>
    </section>`,
  )
}

/** An amount of Lango's, `30000.00`, as people write it. */
export const shillings = (amount: string) => `KSh ${Number(amount).toLocaleString('en', { minimumFractionDigits: 2 })}`

export const kilograms = (kg: number) => `${kg.toLocaleString('en')} kg`
