import { writeAudit } from '../access/audit.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { showId } from '../id.ts'
import { putMail } from '../mail/mail.ts'
import { findMerchants } from '../merchants/merchant.ts'
import type { Merchant } from '../merchants/merchant.ts'
import { Problem } from '../problem.ts'
import { findInvoice } from './find.ts'
import type { InvoiceName } from './find.ts'
import type { Invoice } from './invoice.ts'
import { invoiceLetter } from './letter.ts'
import { nextReminder } from './reminder.ts'

/** Whoever asks again within this time means the same letter. */
const pressedTwiceMs = 60_000
/** Nobody is reminded of what they were sent within this time. */
const freshMs = 24 * 3_600_000

/**
 * Sends an invoice to its customer by mail, or sends it again. Whoever asks twice within a minute sends it once.
 * @throws a Problem where the customer has no address, and where nothing is left to pay.
 */
export async function sendInvoice(context: Context, name: InvoiceName): Promise<Invoice> {
  const invoice = await findInvoice(context, name)
  refuseAddressless(invoice.customer_email)
  const [merchant] = await findMerchants(context, [invoice.merchant_id])
  const sent = await context.database.transaction((transaction) =>
    postInvoice(context, transaction, { invoice, merchant: merchant! }),
  )
  context.signals.changed(invoice.id)
  if (sent) return sent
  const present = await findInvoice(context, name)
  if (present.status === 'void') throw new Problem('conflict', 'This invoice is void: nobody owes it.')
  if (present.status === 'paid' || present.status === 'overpaid')
    throw new Problem('conflict', 'This invoice is paid: its receipts say so.')
  return present
}

/** @throws a Problem where there is no address to which an invoice can be sent. */
export function refuseAddressless(email: string | null | undefined): void {
  if (email) return
  throw new Problem(
    'invalid_request',
    'The customer of this invoice has no address for mail. Give one as customer.email.',
    'customer.email',
  )
}

/** Puts the letter of an invoice into the post, in the transaction that it is part of. Undefined where it was just sent, or nothing is left to pay. */
export async function postInvoice(
  context: Context,
  transaction: Transaction,
  { invoice, merchant }: { invoice: Invoice; merchant: Merchant },
): Promise<Invoice | undefined> {
  const now = context.clock.now()
  const { merchant_id, id } = invoice
  const sent = await transaction.maybe<Invoice>(sql`
    update invoices set sent_at = ${now}, updated_at = ${now},
      remind_at = case when reminders then ${nextReminder(invoice, later(now, freshMs))}::timestamptz end
    where merchant_id = ${merchant_id} and id = ${id} and status in ('open', 'part_paid') and customer_email is not null
      and (sent_at is null or sent_at <= ${later(now, -pressedTwiceMs)}) returning *`)
  if (!sent) return undefined
  await putMail(transaction, context, await invoiceLetter(context, { invoice: sent, merchant, occasion: 'sent' }))
  await writeAudit(transaction, context, {
    merchant_id,
    action: 'invoice.sent',
    subject: showId('inv', id),
    details: { reference: sent.reference },
  })
  return sent
}
