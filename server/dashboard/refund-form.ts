import { html } from 'hono/html'
import { formatKes } from '../money.ts'
import type { Html } from '../web/html.ts'
import { field } from '../web/parts/field.ts'
import { fieldOf, wrongWith } from './form.ts'
import type { Refused } from './form.ts'
import { csrfField } from './signed-in.ts'
import type { SignedIn } from './signed-in.ts'

/** Where money goes back from, how much of it can, and what was wrong with the form before. */
export type RefundForm = {
  signedIn: SignedIn
  action: string
  left_cents: number
  refused?: Refused | undefined
}

/** The form by which money goes back to who paid it: how much, and why. */
export function refundForm({ signedIn, action, left_cents, refused }: RefundForm): Html {
  const most = formatKes(left_cents, 'short')
  return html`<form class="body form" method="post" action="${action}#refund">
    ${csrfField(signedIn)} ${wrongWith(refused, 'refund')}
    <div class="cols">
      ${field({
        id: 'refund-amount',
        name: 'amount',
        label: 'How much goes back',
        before: 'KSh',
        inputMode: 'decimal',
        hint: `At most KSh ${most}.`,
        ...fieldOf(refused, 'refund', 'amount', most.replaceAll(',', '')),
      })}
      ${field({
        id: 'refund-reason',
        name: 'reason',
        label: 'Why',
        maxLength: 200,
        placeholder: 'Torn bag',
        hint: 'Kept with the refund, under your name.',
        ...fieldOf(refused, 'refund', 'reason'),
      })}
    </div>
    <div class="acts"><button class="do" data-busy="Asking M-Pesa…">Send it back</button></div>
  </form>`
}
