import { accountOf } from '../accounts/find.ts'
import type { Creation } from '../api/idempotency.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { findInvoice } from '../invoices/find.ts'
import { dueOf } from '../invoices/invoice.ts'
import type { Invoice } from '../invoices/invoice.ts'
import { refuseUnowed } from '../invoices/payable.ts'
import type { ProviderName } from '../providers/names.ts'
import { wasAsked } from './asked.ts'
import { createPayment } from './create.ts'
import type { PaymentInput } from './intent.ts'
import type { Payment } from './payment.ts'

type InvoicePayment = Pick<PaymentInput, 'merchant_id' | 'mode' | 'phone' | 'account' | 'customer' | 'idempotency'> &
  Pick<PaymentInput, 'callback_url' | 'return_url'> & {
    id: string
    provider?: ProviderName
    /** All that is left to pay, where none is given. */
    amount_cents?: number
  }

/**
 * Begins a payment of an invoice: of all that is left, or of an instalment. @throws a Problem where that much is not owed, or
 * cannot be paid.
 */
export async function payInvoice(context: Context, input: InvoicePayment): Promise<Creation<Payment>> {
  const { id, amount_cents, provider, customer, ...asked } = input
  const invoice = await findInvoice(context, input)
  const chosen = provider ?? invoice.provider
  const due = dueOf(invoice)
  if (due === 0 && !(await wasAsked(context, input)))
    refuseUnowed(invoice, { amount_cents: 0, environment: invoice.environment })
  const { customer_name: name, customer_email: email, customer_language: language } = invoice
  return createPayment(context, {
    return_url: invoice.return_url ?? undefined,
    ...asked,
    provider: chosen,
    account: input.account ?? (await ownAccount(context, invoice, chosen)),
    amount_cents: amount_cents ?? (due || invoice.total_cents),
    description: invoice.description ?? undefined,
    customer: { name: name ?? undefined, email: email ?? undefined, language: language ?? undefined, ...customer },
    invoice_id: id,
    origin: 'invoice',
  })
}

/** The account that the invoice is to be paid to, while that is in use; else the default one is. */
async function ownAccount(context: Context, invoice: Invoice, provider: ProviderName): Promise<string | undefined> {
  if (provider !== invoice.provider) return undefined
  const account = await accountOf(context, invoice)
  return account.ended_at ? undefined : showId('acc', account.id)
}
