import { html } from 'hono/html'
import type { Html } from '../html.ts'

const drawings = {
  phone: html`<rect x="7" y="2.5" width="10" height="19" rx="2.2" /><path d="M11 18.5h2" />`,
  tick: html`<path d="m5 12.5 4.5 4.5L19 7.5" />`,
  cross: html`<path d="m7 7 10 10M17 7 7 17" />`,
  clock: html`<circle cx="12" cy="12" r="8.5" /><path d="M12 7v5l3.5 2" />`,
  back: html`<path d="M9 5 4.5 9.5 9 14M5 9.5h9a5 5 0 0 1 0 10h-2" />`,
  search: html`<circle cx="10.5" cy="10.5" r="6" /><path d="m15 15 5 5" />`,
}

/** The colour of a ring; `rings` is a phone that rings, in circles that widen. */
export type RingLook = 'rings' | 'good' | 'late' | 'bad' | 'back'

/** The drawing that says at a glance how things are; the words beside it say the same. */
export function ring(drawing: keyof typeof drawings, look: RingLook): Html {
  return html`<span class="ring ${look}"
    ><svg
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      aria-hidden="true"
    >
      ${drawings[drawing]}
    </svg></span
  >`
}
