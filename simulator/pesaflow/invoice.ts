import { isObject } from '../is-object.ts'
import { readMsisdn } from '../msisdn.ts'
import type { PesaflowApi } from './api.ts'
import { findBillOf, leftOf, saveBill } from './bill.ts'
import { linkTo } from './checkout.ts'
import { readAmount } from './money.ts'
import { invalidFields, json, refuse } from './reply.ts'
import { bearer } from './token.ts'

/** An invoice without the payer at the page, for clients that were granted it. What the real one answers is not known. */
export const invoice: PesaflowApi = {
  name: 'pesaflow_invoice',
  method: 'POST',
  path: '/api/invoice/create',
  answer(world, { url, headers, fields }) {
    const client = bearer(world, headers)
    if (client === undefined) return refuse(401, 'Unauthorized')
    if (!client.may_create_invoices) return refuse(401, 'Access to this resource Pesaflow.Invoice has not been granted')
    const { client_invoice_ref: reference = '', notification_url = '', callback_url = '', currency = '' } = fields
    const net = readAmount(fields.amount_net ?? '')
    if (net === undefined || reference === '' || !URL.canParse(notification_url)) return invalidFields(fields)
    const before = findBillOf(world, client.api_client_id, reference)
    if (before !== undefined && leftOf(before) === 0) return refuse(422, 'Invoice already paid')
    const bill = saveBill(world, {
      api_client_id: client.api_client_id,
      service_id: fields.account_id ?? '',
      reference,
      description: descriptionOf(fields.items ?? ''),
      currency,
      net,
      payer: {
        name: fields.name ?? '',
        id_number: fields.id_number ?? '',
        msisdn: readMsisdn(fields.msisdn) ?? '',
        email: fields.email ?? '',
      },
      notification_url,
      return_urls: { success: callback_url, failure: '', timeout: '' },
    })
    return json(200, { invoice_number: bill.invoice_number, invoice_link: linkTo(url.origin, bill) })
  },
}

function descriptionOf(items: string): string {
  try {
    const [first] = JSON.parse(items) as unknown[]
    return isObject(first) && typeof first.desc === 'string' ? first.desc : ''
  } catch {
    return ''
  }
}
