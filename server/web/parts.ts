import { html, raw } from 'hono/html'
import { formatKes } from '../money.ts'
import { readAsset } from './asset.ts'

/** Markup that is escaped already. */
export type Html = ReturnType<typeof html>

/** The stylesheet of every page. */
export const stylesheet = readAsset(new URL('./lango.css', import.meta.url))
export const markPicture = readAsset(new URL('./mark.svg', import.meta.url))

/** The gate: Lango's mark, in the colour of the text around it. */
export const mark = raw(markPicture.text.trim().replace('<svg', '<svg aria-hidden="true"'))

/** An amount as people read it, for a sentence: `KSh 1,500`. */
export function showMoney(cents: number): string {
  return `KSh ${formatKes(cents, 'short')}`
}

/** An amount that stands by itself: the currency small and soft before it. */
export function bigMoney(cents: number): Html {
  return html`<small>KSh </small>${formatKes(cents, 'short')}`
}

const unbroken = /(M-PESA|KSh [\d,.]*\d|0\d{3} ••• \d{3})/

/** Sentences in which names, amounts and phone numbers stay on one line. */
export function prose(text: string): Html {
  // Split by a group, the pieces alternate: what may break, what may not.
  const pieces = text.split(unbroken)
  return html`${pieces.map((piece, index) => (index % 2 ? html`<span class="whole">${piece}</span>` : piece))}`
}
