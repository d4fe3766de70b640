import type { Context } from '../context.ts'

/** What somebody waits for: a page that shows the subject, a merchant who is told. */
const awaited = ['completed', 'failed', 'returned', 'part_paid', 'receipt', 'linked']

/** Wakes whoever waits for what has just been committed. */
export function wakeWaiting(
  { signals }: Context,
  settled: { effect: string; subject_id: string; payment_id?: string | null; invoice_id?: string | null }[],
): void {
  const changed = settled.filter(({ effect }) => awaited.includes(effect))
  if (changed.length > 0) signals.wake('deliveries')
  for (const { subject_id, payment_id, invoice_id } of changed) {
    signals.changed(subject_id)
    if (payment_id) signals.changed(payment_id)
    if (invoice_id) signals.changed(invoice_id)
  }
}
