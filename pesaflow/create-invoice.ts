import { writeAmount } from './amount.ts'
import { billObjections } from './bill.ts'
import type { Bill } from './bill.ts'
import type { Pesaflow } from './client.ts'
import { asObject, asText } from './core/json.ts'
import type { JsonObject } from './core/json.ts'
import { isWebAddress, refuseLocally } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import { judge } from './core/judge.ts'
import type { Outcome } from './core/outcome.ts'
import { sendWithToken } from './core/send.ts'

/** The invoice is at Pesaflow. */
export type InvoiceCreated = { invoiceNumber: string; checkoutUrl: string | undefined }

/**
 * Makes an invoice without a payer at the page (`POST /api/invoice/create`), with an access token. It takes a grant that
 * Pesaflow gives by hand: without it the answer is `refused` with code `not_granted`, and the checkout is the way. What an
 * acceptance looks like is not documented; one is believed that names an invoice's number.
 */
export async function createInvoice(
  pesaflow: Pesaflow,
  bill: Bill,
  options: SendOptions = {},
): Promise<Outcome<InvoiceCreated>> {
  const refusal = refuseLocally(billObjections(bill), options)
  if (refusal) return refusal
  const reply = await sendWithToken(pesaflow, {
    method: 'POST',
    path: '/api/invoice/create',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(invoiceBody(bill)),
  })
  return judge(reply, readInvoice)
}

function invoiceBody(bill: Bill) {
  const [amount, currency] = [writeAmount(bill.amountCents), bill.currency ?? 'KES']
  const [account, reference] = [bill.serviceId.trim(), bill.reference.trim()]
  return {
    account_id: account,
    amount_expected: amount,
    amount_net: amount,
    amount_settled_offline: '0',
    callback_url: bill.returnUrls.success,
    client_invoice_ref: reference,
    commission: '0',
    currency,
    email: bill.payer.email ?? '',
    format: 'json',
    id_number: bill.payer.idNumber.trim(),
    items: [
      {
        account_id: account,
        desc: bill.description.trim(),
        item_ref: reference,
        price: amount,
        quantity: '1',
        require_settlement: 'true',
        currency,
      },
    ],
    msisdn: bill.payer.phone?.replace('+', '') ?? '',
    name: bill.payer.name.trim(),
    notification_url: bill.notificationUrl,
  }
}

function readInvoice(json: JsonObject): InvoiceCreated | undefined {
  const invoice = asObject(json['invoice']) ?? asObject(json['data']) ?? json
  const invoiceNumber = asText(invoice['invoice_number'])
  const link = asText(invoice['invoice_link'])
  if (!invoiceNumber) return undefined
  return { invoiceNumber, checkoutUrl: link && isWebAddress(link) ? link : undefined }
}
