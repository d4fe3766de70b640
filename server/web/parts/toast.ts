import { html } from 'hono/html'
import type { Html } from '../html.ts'

/** What has just been done, or could not be, said once at the edge of the page, with a way to it. */
export function toast({ look, words, action }: { look: 'good' | 'bad'; words: string; action?: Html }): Html {
  return html`<div class="toast ${look}" role="${look === 'bad' ? 'alert' : 'status'}">
    <span>${words}</span> ${action ?? ''}
  </div>`
}
