import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { findInvoice } from '../invoices/find.ts'
import { refuseUnowed } from '../invoices/payable.ts'
import { wasAsked } from './asked.ts'
import type { PaymentInput } from './intent.ts'

/**
 * What is asked for, with the reference of the invoice that it is of. @throws a Problem where the invoice is not the merchant's,
 * or does not owe this amount.
 */
export async function billed(context: Context, input: PaymentInput, { environment }: Account): Promise<PaymentInput> {
  const { merchant_id, mode, invoice_id: id, amount_cents } = input
  if (!id) return input
  const invoice = await findInvoice(context, { merchant_id, mode, id }, 'invoice_id')
  if (!(await wasAsked(context, input))) refuseUnowed(invoice, { amount_cents, environment })
  return { ...input, account_reference: input.account_reference ?? invoice.reference }
}
