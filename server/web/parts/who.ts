import { html } from 'hono/html'
import type { Html, Shown } from '../html.ts'

/** A business, what stands under its name, and at the other end of the line. A logo takes the place of the first letter. */
export type Who = { name: string; under?: Shown; logo?: string; beside?: Html }

/** Who this is about, or from. */
export function who({ name, under, logo, beside }: Who): Html {
  return html`<div class="who">
    ${
      logo
        ? html`<img class="badge" src="${logo}" alt="" width="40" height="40" />`
        : html`<span class="badge" aria-hidden="true">${initial(name)}</span>`
    }
    <div><b>${name}</b>${under ? html`<div class="small soft">${under}</div>` : ''}</div>
    ${beside ?? ''}
  </div>`
}

function initial(name: string): string {
  return String.fromCodePoint(name.trim().codePointAt(0) ?? 63).toUpperCase()
}
