import { html } from 'hono/html'
import type { Status } from '../case/case.ts'
import type { Html } from './page.ts'

const words: Record<Status, [colour: string, text: string]> = {
  passed: ['completed', 'Within the limits'],
  overloaded: ['failed', 'Overloaded'],
  charged: ['failed', 'To be paid'],
  part_paid: ['pending', 'Paid in part'],
  paid: ['completed', 'Paid'],
  released: ['completed', 'Released'],
}

/** Where a case stands, in two words and a colour. */
export function statusBadge(status: Status): Html {
  const [colour, text] = words[status]
  return html`<span class="status ${colour}">${text}</span>`
}
