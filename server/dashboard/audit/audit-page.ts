import { html } from 'hono/html'
import type { AuditRow } from '../../access/audit.ts'
import type { Html } from '../../web/html.ts'
import { code } from '../../web/parts/facts.ts'
import { optionList } from '../../web/parts/field.ts'
import type { Column } from '../../web/parts/table.ts'
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
  const noun = pages.find(([prefix]) => subject.startsWith(prefix))
  if (subject.startsWith('usr_')) return nameOf(`user:${subject}`)
  if (!noun) return html`<span class="small">${code(subject)}</span>`
  return html`<a class="small code" href="${noun[1]}/${subject}">${subject}</a>`
}

const pages = [
  ['pay_', '/payments'],
  ['ref_', '/refunds'],
  ['pot_', '/payouts'],
  ['whe_', '/webhooks'],
  ['dlv_', '/webhooks/deliveries'],
] as const

function detailsOf(details: Record<string, unknown>): Html | '' {
  const shown = Object.entries(details).filter(([, value]) => value !== null && value !== undefined)
  if (shown.length === 0) return ''
  return html`<div class="small soft breaks">
    ${shown.map(([name, value]) => `${name.replaceAll('_', ' ')}: ${textOf(value)}`).join(' · ')}
  </div>`
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
