import { html } from 'hono/html'
import { showId } from '../../id.ts'
import { formatKes } from '../../money.ts'
import type { NewItem } from '../../reconciliation/item.ts'
import { explain } from '../../reconciliation/reason.ts'
import { presentReport } from '../../reconciliation/report.ts'
import type { Report } from '../../reconciliation/report.ts'
import type { Html } from '../../web/html.ts'
import { code } from '../../web/parts/facts.ts'
import { status } from '../../web/parts/status.ts'
import type { Tone } from '../../web/parts/status.ts'
import { table } from '../../web/parts/table.ts'
import type { Column } from '../../web/parts/table.ts'
import type { SignedIn } from '../signed-in.ts'
import { when } from '../when.ts'
import { counted, phoneFor } from '../words.ts'

/** What became of a record, in a word. */
export const outcomes: Record<NewItem['outcome'], readonly [tone: Tone, words: string]> = {
  matched: ['completed', 'Agrees'],
  recovered: ['reversed', 'Was missing here'],
  mismatched: ['failed', 'Does not agree'],
  not_found: ['pending', 'Nobody’s'],
}

/** What moved the money of a record. */
const kinds: Record<NewItem['kind'], string> = {
  payment: 'Payments',
  reversal: 'Refunds',
  payout: 'Payouts',
  charge: 'Charges',
  transfer: 'Transfers',
  unknown: 'Not readable',
}

type Sums = { count: number; paid_in: string; withdrawn: string }

const shillings = (text: string) => formatKes(Math.round(Number(text) * 100))

/** What a run found, or would find: how much agrees, and where the file contradicts itself. */
export function reportPart(report: Report): Html {
  const { matched, recovered, mismatched, not_found, unknown_to_provider, details, ignored } = presentReport(report)
  return html`<section class="grid4">
      ${sums('Agrees', matched)} ${sums('Was missing here', recovered)} ${sums('Does not agree', mismatched)}
      ${sums('Nobody’s', not_found)}
    </section>
    ${disagreements(report)}
    ${
      details.length > 0
        ? html`<section class="sheet">
            <header>
              <h2>Why</h2>
              <span class="small soft"
                >${ignored > 0 ? `${counted(ignored, 'line')} moved no money, or stand there twice` : ''}</span
              >
            </header>
            ${table(
              'What was found, by its reason',
              [
                { name: 'Outcome', isExtra: true, show: ({ outcome }) => outcomeOf(outcome as NewItem['outcome']) },
                {
                  name: 'Of what',
                  look: 'soft',
                  isExtra: true,
                  show: ({ kind }) => kinds[kind as NewItem['kind']],
                },
                {
                  name: 'Why',
                  look: 'words',
                  show: ({ outcome, kind, explanation }) =>
                    html`<div class="only-small">
                        ${outcomeOf(outcome as NewItem['outcome'])}
                        <span class="small soft">${kinds[kind as NewItem['kind']]}</span>
                      </div>
                      ${explanation}`,
                },
                { name: 'Lines', look: 'num', show: ({ count }) => count.toLocaleString('en-KE') },
                { name: 'KSh', look: 'num', show: ({ amount }) => shillings(amount) },
              ],
              details,
            )}
          </section>`
        : ''
    }
    ${
      unknown_to_provider.count > 0
        ? html`<p class="soft">
            ${counted(unknown_to_provider.count, 'receipt')} in the books
            ${unknown_to_provider.count === 1 ? 'is' : 'are'} not in M-Pesa’s records.
          </p>`
        : ''
    }`
}

function sums(name: string, { count, paid_in, withdrawn }: Sums): Html {
  const parts = [
    Number(paid_in) > 0 && `KSh ${shillings(paid_in)} in`,
    Number(withdrawn) > 0 && `KSh ${shillings(withdrawn)} out`,
  ].filter(Boolean)
  return html`<div class="sheet stat">
    <div class="soft small">${name}</div>
    <div class="value">${count.toLocaleString('en-KE')}</div>
    <div class="small soft">${parts.length > 0 ? parts.join(', ') : 'no money'}</div>
  </div>`
}

/** What the file says of itself, against what it holds. */
function disagreements({ disagreements: list = [], disagreements_count = 0 }: Report): Html | '' {
  if (disagreements_count === 0) return ''
  return html`<article class="answer bad">
    <h3>The statement contradicts itself in ${counted(disagreements_count, 'place')}</h3>
    <ul class="stack small">
      ${list.map(({ line, message }) => html`<li>${line === null ? '' : html`<b>Line ${line}:</b> `}${message}</li>`)}
    </ul>
    <p class="small">Export it again from the portal. What it holds is compared line by line all the same.</p>
  </article>`
}

function outcomeOf(outcome: NewItem['outcome']): Html {
  return status(...outcomes[outcome])
}

/** What became of each line. */
export function itemColumns(signedIn: SignedIn, now: Date): Column<NewItem>[] {
  return [
    { name: 'Line', look: 'num', isExtra: true, show: ({ line }) => (line === null ? '–' : String(line)) },
    {
      name: 'KSh',
      look: 'money',
      show: ({ amount_cents, direction, expected_cents }) =>
        html`<b>${direction === 'out' ? '−' : ''}${amount_cents === null ? '?' : formatKes(amount_cents)}</b>
          ${expected_cents === null ? '' : html`<div class="small soft">books: ${formatKes(expected_cents)}</div>`}`,
    },
    {
      name: 'Outcome',
      show: ({ outcome, reason, problem }) =>
        html`${outcomeOf(outcome)}
        ${outcome === 'matched' ? '' : html`<div class="small soft only-small breaks">${explained(reason, problem)}</div>`}`,
    },
    {
      name: 'Why',
      look: 'words',
      isExtra: true,
      show: ({ reason, problem }) => explained(reason, problem),
    },
    { name: 'M-Pesa code', show: itemCode },
    {
      name: 'From or to',
      look: 'soft',
      isExtra: true,
      show: ({ payer_name, phone }) => shortened(payer_name ?? (phoneFor(signedIn, phone) || '–')),
    },
    {
      name: 'Time',
      look: 'num',
      isExtra: true,
      show: ({ at }) => html`<span class="soft">${at ? when(at, now) : '–'}</span>`,
    },
  ]
}

function explained(reason: NewItem['reason'], problem: NewItem['problem']): string {
  return `${explain(reason)}${problem ? ` ${problem}` : ''}`
}

const nameMax = 22

function shortened(name: string): string {
  return name.length > nameMax ? `${name.slice(0, nameMax - 1)}…` : name
}

function itemCode({ receipt, payment_id, payout_id, kind }: NewItem): Html | string {
  if (!receipt) return '–'
  if (payment_id) return html`<a href="/payments/${showId('pay', payment_id)}">${code(receipt)}</a>`
  if (payout_id) return html`<a href="/payouts/${showId('pot', payout_id)}">${code(receipt)}</a>`
  return kind === 'payment' ? html`<a href="/money-in/${receipt}">${code(receipt)}</a>` : code(receipt)
}
