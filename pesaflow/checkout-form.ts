import { billFields, billObjections } from './bill.ts'
import type { Bill } from './bill.ts'
import { CHECKOUT_PATH } from './checkout.ts'
import type { Pesaflow } from './client.ts'
import { refuseLocally } from './core/objections.ts'
import type { Refused } from './core/outcome.ts'

/** A form that the payer's browser posts. */
export type BrowserForm = { kind: 'form'; action: string; fields: Record<string, string> }

/**
 * The signed form with which the payer's own browser brings a bill to Pesaflow and gets the page to pay at
 * (`format=iframe`). Nothing is sent here, so nobody is told the invoice's number: it comes with the notification, or with
 * `paymentStatus` by your own reference. The form carries no secret.
 */
export async function checkoutForm(pesaflow: Pesaflow, bill: Bill): Promise<BrowserForm | Refused> {
  const refusal = refuseLocally(billObjections(bill), {})
  if (refusal) return refusal
  const fields = await billFields(pesaflow, bill, { format: 'iframe', sendStk: false })
  return { kind: 'form', action: pesaflow.baseUrl + CHECKOUT_PATH, fields }
}
