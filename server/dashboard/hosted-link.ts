import { html } from 'hono/html'
import type { Html } from '../web/html.ts'
import { qrCode } from '../web/parts/qr-code.ts'

/** The page of ours at which something is paid: to be scanned, copied, opened. `more` stands beside the ways to it. */
export function hostedLink({ title, url, more }: { title: string; url: string; more?: Html | '' }): Html {
  return html`<div class="sheet">
    <header><h2>${title}</h2></header>
    <div class="body hosted">
      ${qrCode(url, `${title}, as a QR code`)}
      <p class="secret code small">${url}</p>
      <div class="acts">
        <button class="may firm" type="button" data-copy="${url}" hidden>Copy the link</button>
        <a class="may" href="${new URL(url).pathname}">Open it</a>${more ?? ''}
      </div>
    </div>
  </div>`
}
