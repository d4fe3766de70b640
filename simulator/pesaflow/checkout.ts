import type { Answered } from '../arrival.ts'
import { readMsisdn } from '../msisdn.ts'
import { expectedOf, findBillOf, leftOf, saveBill } from './bill.ts'
import type { Bill } from './bill.ts'
import type { World } from '../world.ts'
import type { PesaflowApi } from './api.ts'
import { askPayer } from './ask-payer.ts'
import { billPage } from './bill-page.ts'
import { findClient } from './client.ts'
import type { PesaflowClient } from './client.ts'
import { readAmount, written } from './money.ts'
import { invalidFields, json, refuse } from './reply.ts'
import { secureHash } from './secure-hash.ts'

const needed = [
  'apiClientID',
  'serviceID',
  'billRefNumber',
  'billDesc',
  'clientIDNumber',
  'clientName',
  'currency',
  'amountExpected',
  'notificationURL',
  'callBackURLOnSuccess',
  'secureHash',
] as const

/** The service number that does not exist, for trying what happens then. */
const missingService = '999999'

/** Takes a bill, and answers where it is paid: as JSON, or as the page itself for a browser that posts the form. */
export const checkout: PesaflowApi = {
  name: 'pesaflow_checkout',
  method: 'POST',
  path: '/PaymentAPI/iframev2.1.php',
  async answer(world, { url, fields }) {
    const client = findClient(world, fields.apiClientID ?? '')
    const net = readAmount(fields.amountExpected ?? '')
    const isWhole = needed.every((name) => fields[name]) && URL.canParse(fields.notificationURL ?? '')
    if (!isWhole || client === undefined || net === undefined || fields.serviceID === missingService)
      return invalidFields(fields)
    if (fields.secureHash !== hashOf(client, fields)) return refuse(422, 'Invalid secure hash')
    const before = findBillOf(world, client.api_client_id, fields.billRefNumber ?? '')
    if (before !== undefined && leftOf(before) === 0) return refuse(422, 'Invoice already paid')
    const bill = saveBill(world, readBill(client, fields, net))
    const { msisdn } = bill.payer
    const isAsked = /^true$/i.test(fields.sendSTK ?? '') && msisdn !== ''
    const told = isAsked ? askPayer(world, bill, { msisdn, amount: leftOf(bill) }) : undefined
    return fields.format === 'json' ? billAnswer(url.origin, bill, told) : page(world, await billPage(world, bill))
  },
}

/** What a bill is answered with, here and by the invoice's API. */
function billAnswer(origin: string, bill: Bill, callback?: Promise<unknown>): Answered {
  const answer = {
    invoice_number: bill.invoice_number,
    invoice_link: linkTo(origin, bill),
    commission: written(bill.commission),
    amount_net: written(bill.net),
    amount_expected: written(expectedOf(bill)),
  }
  return json(200, answer, callback)
}

/** Where a bill is paid. */
export const linkTo = (origin: string, { request_id }: Bill): string => `${origin}/checkout?request_id=${request_id}`

const page = ({ settings }: World, text: string): Answered => ({
  status: 200,
  text,
  contentType: 'text/html; charset=utf-8',
  ...(!settings.pesaflow_framing && { headers: { 'X-Frame-Options': 'DENY' } }),
})

function hashOf({ api_client_id, key, secret }: PesaflowClient, fields: Record<string, string>): string {
  const { amountExpected, serviceID, clientIDNumber, currency, billRefNumber, billDesc, clientName } = fields
  const hashed = [amountExpected, serviceID, clientIDNumber, currency, billRefNumber, billDesc, clientName]
  return secureHash(key, api_client_id, ...hashed.map((text) => text ?? ''), secret)
}

function readBill({ api_client_id }: PesaflowClient, fields: Record<string, string>, net: number) {
  const field = (name: string) => fields[name] ?? ''
  return {
    api_client_id,
    service_id: field('serviceID'),
    reference: field('billRefNumber'),
    description: field('billDesc'),
    currency: field('currency'),
    net,
    payer: {
      name: field('clientName'),
      id_number: field('clientIDNumber'),
      msisdn: readMsisdn(field('clientMSISDN')) ?? '',
      email: field('clientEmail'),
    },
    notification_url: field('notificationURL'),
    return_urls: {
      success: field('callBackURLOnSuccess'),
      failure: field('callBackURLOnFail') || field('callBackURLOnFailure'),
      timeout: field('callBackURLOnTimeout'),
    },
  }
}
