import { html } from 'hono/html'
import type { AuditRow } from '../../access/audit.ts'
import type { Html } from '../../web/html.ts'
import type { ProviderName } from '../../providers/names.ts'
import { providerWords } from '../../providers/names.ts'
import { code } from '../../web/parts/facts.ts'
import { optionList } from '../../web/parts/field.ts'
import type { Column } from '../../web/parts/table.ts'
import type { NameOf } from '../../people/names.ts'
import { sayDetails } from '../../notices/say-details.ts'
import { when } from '../when.ts'
import { actionKinds, actionWords } from '../../access/action-words.ts'

/** What the list of the audit log shows of a line. */
export function auditColumns(nameOf: NameOf, now: Date): Column<AuditRow>[] {
  return [
    { name: 'When', look: 'soft', show: ({ at }) => when(at, now) },
    {
      name: 'Who did what',
      look: 'words',
      show: ({ actor, action, details }) => html`<b>${nameOf(actor)}</b> ${actionWords(action)} ${detailsOf(details)}`,
    },
    { name: 'To what', isExtra: true, show: (row) => subjectOf(row, nameOf) },
  ]
}

/** What the log is narrowed by. */
export function auditFilter(typed: Record<string, string>): Html {
  const day = (name: string, label: string) =>
    html`<label class="day"
      ><span class="small soft">${label}</span>
      <input class="field" type="date" name="${name}" value="${typed[name] ?? ''}"
    /></label>`
  return html`<form class="filters" method="get" action="/audit">
    <select class="field" name="kind" aria-label="What">
      ${optionList(actionKinds, typed['kind'])}
    </select>
    ${day('since', 'From')} ${day('until', 'Before')}
    <button class="may">Show</button>
  </form>`
}

function subjectOf({ action, subject }: AuditRow, nameOf: NameOf): Html | string {
  if (subject === null) return ''
  if (subject.startsWith('usr_')) return nameOf(`user:${subject}`)
  if (action === 'money.assigned') return html`<a href="/money-in/${subject}">${code(subject)}</a>`
  return subject in providerWords ? providerWords[subject as ProviderName] : thing(subject)
}

/** The way to what an id is of; where it has no page, the id. */
function thing(id: string): Html {
  const page = pages.get(id.slice(0, 4))
  if (!page) return html`<span class="small">${code(id)}</span>`
  return html`<a href="${page.isOne ? page.path : `${page.path}/${id}`}" title="${id}">${page.words}</a>`
}

const pages = new Map(
  Object.entries<{ path: string; words: string; isOne?: boolean }>({
    pay_: { path: '/payments', words: 'The payment' },
    ref_: { path: '/refunds', words: 'The refund' },
    pot_: { path: '/payouts', words: 'The payout' },
    bat_: { path: '/payouts/batches', words: 'The batch' },
    inv_: { path: '/invoices', words: 'The invoice' },
    out_: { path: '/outside-payments', words: 'What was paid elsewhere' },
    lnk_: { path: '/links', words: 'The payment link' },
    rec_: { path: '/reconciliation', words: 'The comparison' },
    acc_: { path: '/developers/accounts', words: 'The account' },
    whe_: { path: '/webhooks', words: 'The endpoint' },
    mer_: { path: '/settings', words: 'The business', isOne: true },
    key_: { path: '/developers', words: 'The API key', isOne: true },
    dlv_: { path: '/webhooks/deliveries', words: 'The delivery' },
  }),
)

function detailsOf(details: Record<string, unknown>): Html | '' {
  const known = Object.entries(details).filter(([, value]) => value !== null && value !== undefined && value !== '')
  if (known.length === 0) return ''
  const words = sayDetails(Object.fromEntries(known))
    .map((pair) => pair.join(': '))
    .join(' · ')
  return html`<div class="small soft breaks">
    ${words.split(/\b([a-z]{3}_[0-9a-f]{32})\b/).map((part, index) => (index % 2 === 0 ? part : thing(part)))}
  </div>`
}
