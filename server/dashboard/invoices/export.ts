import { showId } from '../../id.ts'
import { calendarDay, dueOf, isOverdue, overOf } from '../../invoices/invoice.ts'
import type { Invoice } from '../../invoices/invoice.ts'
import { toShillings } from '../../money.ts'
import { accountColumn, csvTime } from '../csv.ts'
import type { CsvColumn } from '../csv.ts'
import type { SignedIn } from '../signed-in.ts'
import { phoneFor } from '../words.ts'

const statusNames = { open: 'Open', part_paid: 'Part paid', paid: 'Paid', overpaid: 'Overpaid', void: 'Void' } as const

/** What accountants want of invoices. */
export function invoiceExport(signedIn: SignedIn, now: Date): CsvColumn<Invoice>[] {
  return [
    ['Date (Nairobi)', ({ created_at }) => csvTime(created_at)],
    ['Reference', ({ reference }) => reference],
    ['Status', ({ status }) => statusNames[status]],
    ['Overdue', (invoice) => (isOverdue(invoice, now) ? 'yes' : '')],
    ['Net of VAT (KSh)', ({ subtotal_cents }) => toShillings(subtotal_cents)],
    ['VAT (KSh)', ({ tax_cents }) => toShillings(tax_cents)],
    ['Total (KSh)', ({ total_cents }) => toShillings(total_cents)],
    ['Paid (KSh)', ({ paid_cents }) => toShillings(paid_cents)],
    ['Left (KSh)', (invoice) => toShillings(dueOf(invoice))],
    ['Over (KSh)', (invoice) => toShillings(overOf(invoice))],
    ['Due', ({ due_on }) => (due_on ? calendarDay(due_on) : '')],
    ['Paid in full', ({ paid_at }) => csvTime(paid_at)],
    ['Customer', ({ customer_name }) => customer_name ?? ''],
    ['Phone', ({ customer_phone }) => phoneFor(signedIn, customer_phone)],
    ['For', ({ description }) => description ?? ''],
    accountColumn,
    ['Invoice', ({ id }) => showId('inv', id)],
  ]
}
