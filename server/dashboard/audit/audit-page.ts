import { html } from 'hono/html'
import type { AuditRow } from '../../access/audit.ts'
import type { Html } from '../../web/html.ts'
import { showMoney } from '../../web/parts/amount.ts'
import { code } from '../../web/parts/facts.ts'
import { optionList } from '../../web/parts/field.ts'
import { showPhone } from '../../web/parts/phone.ts'
import type { Column } from '../../web/parts/table.ts'
import { sayMoment } from '../../web/parts/time.ts'
import type { NameOf } from '../../people/names.ts'
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
    { name: 'To what', isExtra: true, show: ({ subject }) => subjectOf(subject, nameOf) },
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

function subjectOf(subject: string | null, nameOf: NameOf): Html | string {
  if (subject === null) return ''
  if (subject.startsWith('usr_')) return nameOf(`user:${subject}`)
  if (subject.startsWith('mer_')) return html`<a href="/settings">The business</a>`
  const page = pages.get(subject.slice(0, 4))
  if (!page) return html`<span class="small">${code(subject)}</span>`
  return html`<a href="${page.path}/${subject}" title="${subject}">${page.words}</a>`
}

const pages = new Map(
  Object.entries<{ path: string; words: string }>({
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
    dlv_: { path: '/webhooks/deliveries', words: 'The delivery' },
  }),
)

function detailsOf(details: Record<string, unknown>): Html | '' {
  const shown = Object.entries(details).filter(([, value]) => value !== null && value !== undefined)
  if (shown.length === 0) return ''
  return html`<div class="small soft breaks">
    ${shown.map(([name, value]) => `${name.replaceAll('_', ' ')}: ${textOf(value)}`).join(' · ')}
  </div>`
}

/** A value of the log as a person writes it: amounts in shillings, phones with a zero before them, moments of Nairobi. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'string') return JSON.stringify(value)
  if (/^\d+\.\d\d$/.test(value)) return showMoney(Math.round(Number(value) * 100))
  if (/^254\d{9}$/.test(value)) return showPhone(value)
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? sayMoment(new Date(value)) : value
}
