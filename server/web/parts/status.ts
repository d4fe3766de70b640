import { html } from 'hono/html'
import type { Html } from '../html.ts'

/** How things are, at a glance; a word always stands beside the colour. */
export type Tone = 'completed' | 'pending' | 'failed' | 'reversed' | 'idle'

/** A state in a word or two. */
export function status(tone: Tone, words: string): Html {
  return html`<span class="status ${tone}">${words}</span>`
}

/** The badge of whatever is no real money. */
export function testBadge(words: string): Html {
  return html`<span class="env">${words}</span>`
}
