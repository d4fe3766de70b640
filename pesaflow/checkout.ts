import { readAmount } from './amount.ts'
import type { ReadAmount } from './amount.ts'
import { billFields, billObjections } from './bill.ts'
import type { Bill } from './bill.ts'
import type { Pesaflow } from './client.ts'
import { asText } from './core/json.ts'
import type { JsonObject } from './core/json.ts'
import { isWebAddress, refuseLocally } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import { judge } from './core/judge.ts'
import type { Outcome } from './core/outcome.ts'
import { send } from './core/send.ts'

export const CHECKOUT_PATH = '/PaymentAPI/iframev2.1.php'

/** The bill is at Pesaflow, and waits to be paid. */
export type CheckoutAccepted = {
  /** Pesaflow's own number of it, 6 to 8 capitals. */
  invoiceNumber: string
  /** Where the payer pays. Send the browser there: production forbids to frame it. */
  checkoutUrl: string
  /** What Pesaflow takes on top, from the payer. It follows no known rule: never compute it. */
  commissionCents: ReadAmount
  /** The bill's own amount. */
  netCents: ReadAmount
  /** What the payer pays: both together. */
  expectedCents: ReadAmount
}

/**
 * Brings a bill to Pesaflow and answers the address of the page at which it is paid (`POST /PaymentAPI/iframev2.1.php`,
 * `format=json`). Accepted means that it can be paid, not that anybody did. Never throws. No money moves by it; after
 * `unknown`, `paymentStatus` by your own reference tells whether it arrived.
 *
 * @example
 * const outcome = await checkout(pesaflow, {
 *   serviceId: '48798', reference: 'INV-204', description: 'Overload fine', amountCents: 10000,
 *   payer: { name: 'Jane Doe', idNumber: '11111111', phone: '254712345678' },
 *   notificationUrl: 'https://county.example/in/1f2e', returnUrls: { success: 'https://county.example/paid' },
 * })
 * if (outcome.kind === 'accepted') redirect(outcome.checkoutUrl)
 */
export function checkout(
  pesaflow: Pesaflow,
  bill: Bill,
  options: SendOptions = {},
): Promise<Outcome<CheckoutAccepted>> {
  return postBill(pesaflow, bill, false, options)
}

/** Posts a bill, with or without a prompt on the payer's phone. */
export async function postBill(
  pesaflow: Pesaflow,
  bill: Bill,
  sendStk: boolean,
  options: SendOptions,
): Promise<Outcome<CheckoutAccepted>> {
  const refusal = refuseLocally(billObjections(bill), options)
  if (refusal) return refusal
  const fields = await billFields(pesaflow, bill, { format: 'json', sendStk })
  const reply = await send(pesaflow, {
    method: 'POST',
    path: CHECKOUT_PATH,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams(fields)),
  })
  return judge(reply, readCheckout)
}

function readCheckout(json: JsonObject): CheckoutAccepted | undefined {
  const invoiceNumber = asText(json['invoice_number'])
  const checkoutUrl = asText(json['invoice_link'])
  if (!invoiceNumber || !checkoutUrl || !isWebAddress(checkoutUrl)) return undefined
  return {
    invoiceNumber,
    checkoutUrl,
    commissionCents: readAmount(json['commission']),
    netCents: readAmount(json['amount_net']),
    expectedCents: readAmount(json['amount_expected']),
  }
}
