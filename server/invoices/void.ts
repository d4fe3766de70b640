import { writeAudit } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { showId } from '../id.ts'
import { formatKes } from '../money.ts'
import { Problem } from '../problem.ts'
import { findInvoice } from './find.ts'
import type { InvoiceName } from './find.ts'
import type { Invoice } from './invoice.ts'

/**
 * Makes an invoice void: nobody owes it any longer, and its reference is free. What is paid to it all the same is its payer's
 * credit, and shown to a person. Safe to repeat. @throws a Problem while something is put to it.
 */
export async function voidInvoice(context: Context, name: InvoiceName): Promise<Invoice> {
  const invoice = await findInvoice(context, name)
  if (invoice.status === 'void') return invoice
  const { merchant_id, id } = invoice
  const now = context.clock.now()
  const made = await context.database.transaction(async (transaction) => {
    const row = await transaction.maybe<Invoice>(sql`
      update invoices set status = 'void', voided_at = ${now}, updated_at = ${now}
      where merchant_id = ${merchant_id} and id = ${id} and paid_cents = 0 and status <> 'void' returning *`)
    if (row)
      await writeAudit(transaction, context, {
        merchant_id,
        action: 'invoice.voided',
        subject: showId('inv', id),
        details: { reference: row.reference },
      })
    return row
  })
  context.signals.changed(id)
  if (made) return made
  const present = await findInvoice(context, name)
  if (present.status === 'void') return present
  throw new Problem(
    'conflict',
    `KES ${formatKes(present.paid_cents)} was paid to this invoice. Refund it, give it to another invoice, or withdraw what was paid elsewhere, before you make this one void.`,
  )
}
