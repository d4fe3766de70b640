import { html } from 'hono/html'
import { flag } from '../html.ts'
import type { Html, Shown } from '../html.ts'

/** A question that stands before the page. `isOpen` when it comes back with what was wrong. */
export type Dialog = { id: string; title: string; body: Html; isOpen?: boolean }

/** A dialog: opened by `opener`, closed by Escape, by a press beside it, or by `closer`; by the browser itself, without a script. */
export function dialog({ id, title, body, isOpen = false }: Dialog): Html {
  return html`<dialog class="dialog" id="${id}" popover aria-labelledby="${id}-title" ${flag('open', isOpen)}>
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </dialog>`
}

/** The button that opens a dialog. */
export function opener(id: string, words: Shown, look = 'may'): Html {
  return html`<button class="${look}" type="button" popovertarget="${id}" aria-haspopup="dialog">${words}</button>`
}

/** The button that closes a dialog, and changes nothing. */
export function closer(id: string, words: Shown): Html {
  return html`<button class="may" type="button" popovertarget="${id}" popovertargetaction="hide">${words}</button>`
}
