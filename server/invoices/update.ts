import { writeAudit } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { showId } from '../id.ts'
import type { Language } from '../languages.ts'
import { findInvoice } from './find.ts'
import type { InvoiceName } from './find.ts'
import type { Invoice } from './invoice.ts'
import { nextReminder } from './reminder.ts'

/** What may still be changed of an invoice: how its customer is written to. What is left out stays. */
export type InvoiceChange = { reminders?: boolean; customer?: { email?: string; language?: Language } }

/** Changes how the customer of an invoice is written to. At another address it was not sent yet, and nobody is reminded there. */
export async function updateInvoice(
  context: Context,
  { reminders, customer = {}, ...name }: InvoiceName & InvoiceChange,
): Promise<Invoice> {
  const now = context.clock.now()
  const invoice = await findInvoice(context, name)
  const { merchant_id, id } = invoice
  const { email = null, language = null } = customer
  const next = nextReminder(invoice, now)
  const isSame = sql`(${email}::text is null or customer_email is not distinct from ${email})`
  return context.database.transaction(async (transaction) => {
    const changed = await transaction.one<Invoice>(sql`
      update invoices set customer_email = coalesce(${email}, customer_email), customer_language = coalesce(${language}, customer_language),
        reminders = coalesce(${reminders ?? null}, reminders),
        sent_at = case when ${isSame} then sent_at end,
        remind_at = case when ${isSame} and sent_at is not null and coalesce(${reminders ?? null}, reminders) then ${next}::timestamptz end,
        updated_at = ${now}
      where merchant_id = ${merchant_id} and id = ${id} returning *`)
    await writeAudit(transaction, context, {
      merchant_id,
      action: 'invoice.changed',
      subject: showId('inv', id),
      details: { reference: changed.reference, ...(reminders !== undefined && { reminders }), ...customer },
    })
    return changed
  })
}
