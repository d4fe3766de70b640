import { html } from 'hono/html'
import { explainReason } from '../../attention/reasons.ts'
import type { EvidenceLine } from '../../evidence/list.ts'
import { showId } from '../../id.ts'
import { formatKes } from '../../money.ts'
import type { Refund } from '../../refunds/refund.ts'
import type { Html } from '../../web/html.ts'
import { code, facts } from '../../web/parts/facts.ts'
import { moment } from '../../web/parts/time.ts'
import { timeline } from '../../web/parts/timeline.ts'
import type { PageHead } from '../../web/page.ts'
import { learnt } from '../learnt.ts'
import type { SignedIn } from '../signed-in.ts'
import { refundStatus } from '../words.ts'

/** Everything that is shown of one refund; `by` is who asked for it. */
export type RefundView = {
  signedIn: SignedIn
  refund: Refund
  evidence: EvidenceLine[]
  by: string | undefined
}

/** How much goes back, and how that is. */
export function refundHead({ refund }: RefundView): PageHead {
  return {
    back: { href: '/refunds', name: 'Refunds' },
    title: html`<span class="headline money"><small>KSh</small> ${formatKes(refund.amount_cents)}</span>
      ${refundStatus(refund)}`,
    lead: html`Back to who paid ${code(refund.payment_receipt)}${refund.reason ? html` · ${refund.reason}` : ''}`,
  }
}

/** The page of one refund. */
export function refundBody({ signedIn, refund, evidence, by }: RefundView): Html {
  const steps = evidence.map((line) => learnt(signedIn, line, { completed: 'Went back', failed: 'Did not go' }))
  const how = by ? `by ${by}` : refund.origin === 'portal' ? 'at M-Pesa’s portal' : ''
  const of = refund.payment_id
    ? html`<a href="/payments/${showId('pay', refund.payment_id)}">The payment</a>`
    : html`<a href="/money-in/${refund.payment_receipt}">The money</a>`
  return html`${flags(refund)}
    <section class="grid2">
      <div class="sheet">
        <header><h2>What we know, and how</h2></header>
        <div class="body">${timeline([{ what: 'Refund asked for', how, at: refund.created_at }, ...steps])}</div>
      </div>
      <div class="sheet">
        <header><h2>Details</h2></header>
        <div class="body">
          ${facts([
            ['Of', of],
            ['Of the code', code(refund.payment_receipt)],
            ['Its own code', refund.provider_receipt ? code(refund.provider_receipt) : ''],
            ['Why', refund.reason ?? ''],
            ['Asked for', moment(refund.created_at, 'en')],
            ['Went back', refund.completed_at ? moment(refund.completed_at, 'en') : ''],
            ['Why it did not', refund.status === 'failed' ? (refund.failure_message ?? '') : ''],
            ['Refund', html`<span class="small">${code(showId('ref', refund.id))}</span>`],
          ])}
        </div>
      </div>
    </section>`
}

function flags({ needs_attention, id }: Refund): Html | '' {
  if (!needs_attention) return ''
  return html`<article class="answer late">
    <h3>Somebody has to look at this</h3>
    ${needs_attention.map((reason) => html`<p>${explainReason(reason)}</p>`)}
    <div class="acts"><a class="may" href="/attention#${showId('ref', id)}">Decide it</a></div>
  </article>`
}
