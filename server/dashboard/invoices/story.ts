import type { AuditRow } from '../../access/audit.ts'
import { presentEvent } from '../../events/event.ts'
import type { Event } from '../../events/event.ts'
import type { Invoice } from '../../invoices/invoice.ts'
import { formatKes, parseShillings } from '../../money.ts'
import { prose } from '../../web/html.ts'
import type { Step } from '../../web/parts/timeline.ts'
import type { NameOf } from '../../people/names.ts'

/** What happened to an invoice, in its order: who made it, what was put to it or taken back, who made it void. */
export function storyOf(
  { created_at }: Invoice,
  { audit, events, nameOf }: { audit: AuditRow[]; events: Event[]; nameOf: NameOf },
): Step[] {
  const done = audit.flatMap(({ action, actor, at }): Step[] => {
    const act = acts.get(action)
    return act ? [{ ...act, how: `by ${nameOf(actor)}`, at }] : []
  })
  const begun: Step[] = done.some(({ what }) => what === made.what) ? [] : [{ ...made, at: created_at }]
  return [...begun, ...done, ...events.map(told)].sort((one, other) => one.at.getTime() - other.at.getTime())
}

const made = { what: 'Made' } as const
const acts = new Map(
  Object.entries<Pick<Step, 'what' | 'look'>>({
    'invoice.created': made,
    'invoice.voided': { what: 'Made void', look: 'bad' },
    'invoice.sent': { what: 'Sent by mail' },
    'outside_payment.recorded': { what: 'Recorded as paid elsewhere', look: 'late' },
    'outside_payment.approved': { what: 'Agreed: paid elsewhere' },
    'outside_payment.rejected': { what: 'Not agreed that it was paid elsewhere', look: 'bad' },
    'outside_payment.withdrawn': { what: 'What was paid elsewhere was withdrawn', look: 'bad' },
  }),
)

const news = new Map(
  Object.entries<Pick<Step, 'what' | 'look'>>({
    'invoice.part_paid': { what: 'Part paid', look: 'good' },
    'invoice.paid': { what: 'Paid', look: 'good' },
    'invoice.overpaid': { what: 'More came than was asked for', look: 'late' },
    'invoice.reopened': { what: 'Money was taken back from it', look: 'bad' },
  }),
)

function told(event: Event): Step {
  const { amount_paid, amount_due } = presentEvent(event).data
  return {
    ...(news.get(event.type) ?? { what: event.type }),
    how: prose(`${shown(amount_paid)} in all · ${shown(amount_due)} left`),
    at: event.created_at,
  }
}

function shown(shillings: unknown): string {
  return `KSh ${formatKes(parseShillings(String(shillings)) ?? 0, 'short')}`
}
