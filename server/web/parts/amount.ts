import { html } from 'hono/html'
import { formatKes } from '../../money.ts'
import type { Html } from '../html.ts'

/** An amount as people read it, for a sentence: `KSh 1,500`. */
export function showMoney(cents: number): string {
  return `KSh ${formatKes(cents, 'short')}`
}

/** An amount of a table or a list of facts, to the cent. */
export function money(cents: number): Html {
  return html`<span class="money">KSh ${formatKes(cents)}</span>`
}

/** The amount that a page is about: its largest thing, the currency small and soft before it. */
export function amount(cents: number): Html {
  return html`<div class="amount"><small>KSh </small>${formatKes(cents, 'short')}</div>`
}

/** The amount that a line of a list is about. */
export function sum(cents: number): Html {
  return html`<div class="sum"><small>KSh</small>${formatKes(cents, 'short')}</div>`
}
