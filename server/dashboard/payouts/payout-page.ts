import { html } from 'hono/html'
import { explainReason } from '../../attention/reasons.ts'
import type { EvidenceLine } from '../../evidence/list.ts'
import { showId } from '../../id.ts'
import { formatKes } from '../../money.ts'
import type { Payout } from '../../payouts/payout.ts'
import type { Html } from '../../web/html.ts'
import { code, facts } from '../../web/parts/facts.ts'
import { moment } from '../../web/parts/time.ts'
import { timeline } from '../../web/parts/timeline.ts'
import type { PageHead } from '../../web/page.ts'
import type { Refused } from '../form.ts'
import { learnt } from '../learnt.ts'
import type { NameOf } from '../../people/names.ts'
import type { SignedIn } from '../signed-in.ts'
import { payoutStatus, phoneFor } from '../words.ts'
import { receiverOf } from './columns.ts'
import { decisionForms } from './decision-page.ts'

/** Everything that is shown of one payout. */
export type PayoutView = {
  signedIn: SignedIn
  payout: Payout
  evidence: EvidenceLine[]
  nameOf: NameOf
  password: Html | ''
  refused?: Refused | undefined
}

/** How much goes out, how that is, and to whom. */
export function payoutHead({ signedIn, payout }: PayoutView): PageHead {
  return {
    back: { href: '/payouts', name: 'Payouts' },
    title: html`<span class="headline money"><small>KSh</small> ${formatKes(payout.amount_cents)}</span>
      ${payoutStatus(payout)}`,
    lead: html`To
    ${receiverOf(signedIn, payout)}${payout.provider_receipt ? html` · ${code(payout.provider_receipt)}` : ''}`,
  }
}

/** The page of one payout. */
export function payoutBody(view: PayoutView): Html {
  const { signedIn, payout, evidence, nameOf, password, refused } = view
  const steps = evidence.map((line) => learnt(signedIn, line, { completed: 'Arrived', failed: 'Did not go' }))
  const waits = payout.status === 'awaiting_approval' && !payout.batch_id
  return html`${flags(payout)}
    ${waits ? decisionForms({ signedIn, path: `/payouts/${showId('pot', payout.id)}`, person: payout.person, by: nameOf(payout.created_by), password, refused }) : ''}
    <section class="grid2">
      <div class="sheet">
        <header><h2>What we know, and how</h2></header>
        <div class="body">
          ${timeline([{ what: 'Asked for', how: `by ${nameOf(payout.created_by)}`, at: payout.created_at }, ...steps])}
        </div>
      </div>
      <div class="sheet">
        <header><h2>Details</h2></header>
        <div class="body">
          ${facts([
            ['To', payout.receiver_name ?? ''],
            ['Phone', phoneFor(signedIn, payout.phone)],
            ['Short code', payout.shortcode ? `${payout.shortcode_type} ${payout.shortcode}` : ''],
            ['Into the account', payout.account_reference ?? ''],
            ['For', payout.remarks ?? ''],
            ['Your own reference', payout.external_reference ?? ''],
            ['M-Pesa code', payout.provider_receipt ? code(payout.provider_receipt) : ''],
            [
              'One of',
              payout.batch_id ? html`<a href="/payouts/batches/${showId('bat', payout.batch_id)}">a batch</a>` : '',
            ],
            ['Asked for', moment(payout.created_at, 'en')],
            ['Arrived', payout.completed_at ? moment(payout.completed_at, 'en') : ''],
            ['Came back', payout.returned_at ? moment(payout.returned_at, 'en') : ''],
            ['Why not', payout.status === 'failed' ? (payout.failure_message ?? '') : ''],
            ['Payout', html`<span class="small">${code(showId('pot', payout.id))}</span>`],
          ])}
        </div>
      </div>
    </section>`
}

function flags({ needs_attention, id }: Payout): Html | '' {
  if (!needs_attention) return ''
  return html`<article class="answer late">
    <h3>Somebody has to look at this</h3>
    ${needs_attention.map((reason) => html`<p>${explainReason(reason)}</p>`)}
    <div class="acts"><a class="may" href="/attention#${showId('pot', id)}">Decide it</a></div>
  </article>`
}
