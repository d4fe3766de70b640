import { html } from 'hono/html'

/** Markup that is escaped already. */
export type Html = ReturnType<typeof html>

/** What a part shows: markup, or a text, which is escaped when it is put there. */
export type Shown = Html | string

const unbroken = /(M-P(?:ESA|esa)|KSh [\d,.]*\d|0\d{3} (?:\d{3}|•••) \d{3}|\*\d+#|\b[A-Z][A-Z\d]*[-/]?\d[A-Z\d-]*\b)/

/** Sentences in which names, amounts, phone numbers and references stay on one line. */
export function prose(text: string): Html {
  // Split by a group, the pieces alternate: what may break, what may not.
  const pieces = text.split(unbroken)
  return html`${pieces.map((piece, index) => (index % 2 ? html`<span class="whole">${piece}</span>` : piece))}`
}

/** An attribute that is there or not. */
export function flag(name: 'open' | 'checked' | 'selected' | 'required' | 'disabled', isSet: boolean): string {
  return isSet ? name : ''
}
