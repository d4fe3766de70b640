import { isProduction } from './client.ts'
import type { Daraja } from './client.ts'
import { asList, asText, readBody } from './json.ts'
import type { JsonObject } from './json.ts'
import { formatNairobi, parseNairobi } from './nairobi.ts'
import {
  lengthObjection,
  phoneObjection,
  refuseLocally,
  shortcodeObjection,
  urlObjection,
  urlWordObjection,
} from './objections.ts'
import type { Objection, SendOptions } from './objections.ts'
import { judge } from './outcome.ts'
import type { ErrorWords, Outcome } from './outcome.ts'
import { post } from './send.ts'
import { readShillings } from './shillings.ts'

const BASE = '/v1/billmanager-invoice'
const INVOICES_MAX = 1000

export type BillManagerDetails = {
  shortcode: string
  email: string
  /** The phone number that customers are told. */
  officialContact: string
  /** Whether Safaricom reminds customers 7 and 3 days before, and on the day. */
  sendReminders: boolean
  /** Where payments are posted. */
  callbackUrl: string
  /** A JPEG. */
  logo?: string
}

/**
 * Opts a short code in to Bill Manager (`POST /v1/billmanager-invoice/optin`). Keep the `appKey` it answers with: every other call
 * needs it. Never throws; a refusal of Bill Manager's own is `{kind: 'refused', code: '409'}` with its words.
 *
 * @example
 * const outcome = await billManagerOptIn(daraja, {
 *   shortcode: '718003', email: 'owner@shop.example', officialContact: '0710000000', sendReminders: true,
 *   callbackUrl: 'https://shop.example/in/1f2e',
 * })
 */
export async function billManagerOptIn(
  daraja: Daraja,
  details: BillManagerDetails,
  options: SendOptions = {},
): Promise<Outcome<{ appKey: string }>> {
  const refusal = refuseLocally(detailsObjections(daraja, details), options)
  if (refusal) return refusal
  const reply = await post(daraja, `${BASE}/optin`, detailsBody(details))
  return judge(reply, {
    accepted(json) {
      const appKey = asText(json['app_key'])
      return saysYes(json) && appKey ? { appKey } : undefined
    },
    refused: readConflict,
  })
}

/** Replaces the details given when opting in (`change-optin-details`). Never throws. */
export function billManagerUpdate(
  daraja: Daraja,
  appKey: string,
  details: BillManagerDetails,
  options: SendOptions = {},
): Promise<Outcome<BillManagerDone>> {
  return send(daraja, appKey, 'change-optin-details', detailsBody(details), detailsObjections(daraja, details), options)
}

export type Invoice = {
  /** Your own id of the invoice; unique. */
  externalReference: string
  customerName: string
  /** A Safaricom number, `07…` or `2547…`. */
  customerPhone: string
  /** E.g. `August 2021`. */
  period: string
  name: string
  dueDate: Date
  /** What the customer enters as account. */
  accountReference: string
  /** Shillings. */
  amount: number
  /** Shillings too. */
  items?: readonly { name: string; amount: number }[]
}

export type BillManagerDone = { message: string }

/** Sends an invoice to a customer by SMS (`single-invoicing`). Never throws. */
export function sendInvoice(
  daraja: Daraja,
  appKey: string,
  invoice: Invoice,
  options: SendOptions = {},
): Promise<Outcome<BillManagerDone>> {
  return send(daraja, appKey, 'single-invoicing', invoiceBody(invoice), invoiceObjections(invoice), options)
}

/** Sends up to 1000 invoices (`bulk-invoicing`). Never throws. */
export function sendInvoices(
  daraja: Daraja,
  appKey: string,
  invoices: readonly Invoice[],
  options: SendOptions = {},
): Promise<Outcome<BillManagerDone>> {
  const tooMany =
    invoices.length > INVOICES_MAX ? `No more than ${INVOICES_MAX} invoices fit in one request.` : undefined
  const objections = [tooMany, ...invoices.flatMap(invoiceObjections)]
  return send(daraja, appKey, 'bulk-invoicing', invoices.map(invoiceBody), objections, options)
}

/** Replaces an invoice (`change-invoice`). Safaricom names the operation, but documents no body; this sends the whole invoice. */
export function changeInvoice(
  daraja: Daraja,
  appKey: string,
  invoice: Invoice,
  options: SendOptions = {},
): Promise<Outcome<BillManagerDone>> {
  return send(daraja, appKey, 'change-invoice', invoiceBody(invoice), invoiceObjections(invoice), options)
}

/** Replaces several invoices (`change-invoices`), as undocumented as `changeInvoice`. */
export function changeInvoices(
  daraja: Daraja,
  appKey: string,
  invoices: readonly Invoice[],
  options: SendOptions = {},
): Promise<Outcome<BillManagerDone>> {
  return send(
    daraja,
    appKey,
    'change-invoices',
    invoices.map(invoiceBody),
    invoices.flatMap(invoiceObjections),
    options,
  )
}

/** Takes an invoice back (`cancel-single-invoice`). One that is paid, if only in part, cannot be. Never throws. */
export function cancelInvoice(
  daraja: Daraja,
  appKey: string,
  externalReference: string,
): Promise<Outcome<BillManagerDone>> {
  return send(daraja, appKey, 'cancel-single-invoice', { externalReference }, [], {})
}

/** Takes several invoices back (`cancel-bulk-invoices`). Never throws. */
export function cancelInvoices(
  daraja: Daraja,
  appKey: string,
  externalReferences: readonly string[],
): Promise<Outcome<BillManagerDone>> {
  const body = externalReferences.map((externalReference) => ({ externalReference }))
  return send(daraja, appKey, 'cancel-bulk-invoices', body, [], {})
}

export type BillAcknowledgement = {
  paidAt: Date
  /** Shillings. */
  amount: number
  accountReference: string
  /** The M-Pesa code. */
  receipt: string
  phone: string
  customerName: string
  invoiceName: string
  externalReference: string
}

/** Confirms a payment, upon which Safaricom sends the customer a receipt by SMS (`reconciliation`). Never throws. */
export function acknowledgeBillPayment(
  daraja: Daraja,
  appKey: string,
  payment: BillAcknowledgement,
): Promise<Outcome<BillManagerDone>> {
  const body = {
    paymentDate: formatNairobi(payment.paidAt, 'yyyy-MM-dd'),
    paidAmount: String(payment.amount),
    accountReference: payment.accountReference,
    transactionId: payment.receipt,
    phoneNumber: payment.phone,
    fullName: payment.customerName,
    invoiceName: payment.invoiceName,
    externalReference: payment.externalReference,
  }
  return send(daraja, appKey, 'reconciliation', body, [], {})
}

/** A payment that Bill Manager posts to the callback URL. */
export type BillPayment = {
  /** The M-Pesa code. */
  receipt: string
  /** Shillings. */
  amount: number | undefined
  phone: string | undefined
  /** The day, as the start of it in Nairobi. */
  paidAt: Date | undefined
  accountReference: string | undefined
  shortcode: string | undefined
}

/** Reads what Bill Manager posts, up to five times, to the callback URL. `undefined` for what is no such body. */
export function parseBillPayment(body: unknown): BillPayment | undefined {
  const payment = readBody(body)
  const receipt = asText(payment?.['transactionId'])
  if (!payment || !receipt || payment['paidAmount'] === undefined) return undefined
  return {
    receipt,
    amount: readShillings(payment['paidAmount']),
    phone: asText(payment['msisdn']),
    paidAt: parseNairobi(asText(payment['dateCreated']) ?? ''),
    accountReference: asText(payment['accountReference']),
    shortcode: asText(payment['shortCode']),
  }
}

/** The answer that keeps Bill Manager from posting the payment again. */
export function acknowledgeBillCallback() {
  return { resmsg: 'Success', rescode: '200' }
}

async function send(
  daraja: Daraja,
  appKey: string,
  operation: string,
  body: unknown,
  objections: readonly Objection[],
  options: SendOptions,
): Promise<Outcome<BillManagerDone>> {
  const refusal = refuseLocally(objections, options)
  if (refusal) return refusal
  const reply = await post(daraja, `${BASE}/${operation}`, body, { appKey })
  return judge(reply, {
    accepted: (json) =>
      saysYes(json) ? { message: asText(json['Status_Message']) ?? asText(json['resmsg']) ?? '' } : undefined,
    refused: readConflict,
  })
}

function saysYes(json: JsonObject): boolean {
  return asText(json['rescode']) === '200' && asList(json['errors']).length === 0
}

/** Bill Manager's own refusals come as `{rescode: "409", resmsg: "Conflict", Status_Message}`. */
function readConflict(json: JsonObject): ErrorWords | undefined {
  const code = asText(json['rescode'])
  if (code !== '409') return undefined
  return { code, message: asText(json['Status_Message']) ?? asText(json['resmsg']) }
}

function detailsBody(details: BillManagerDetails) {
  return {
    shortcode: details.shortcode,
    email: details.email,
    officialContact: details.officialContact,
    sendReminders: details.sendReminders ? '1' : '0',
    logo: details.logo,
    callbackurl: details.callbackUrl,
  }
}

function detailsObjections(daraja: Daraja, details: BillManagerDetails): Objection[] {
  return [
    shortcodeObjection('short code', details.shortcode),
    urlObjection('callback URL', details.callbackUrl, isProduction(daraja)),
    urlWordObjection('callback URL', details.callbackUrl),
  ]
}

function invoiceBody(invoice: Invoice) {
  return {
    externalReference: invoice.externalReference,
    billedFullName: invoice.customerName,
    billedPhoneNumber: invoice.customerPhone,
    billedPeriod: invoice.period,
    invoiceName: invoice.name,
    dueDate: formatNairobi(invoice.dueDate, 'yyyy-MM-dd'),
    accountReference: invoice.accountReference,
    amount: String(invoice.amount),
    invoiceItems: invoice.items?.map(({ name, amount }) => ({ itemName: name, amount: String(amount) })),
  }
}

function invoiceObjections(invoice: Invoice): Objection[] {
  return [
    phoneObjection(invoice.customerPhone),
    invoice.amount > 0 ? undefined : 'The amount must be above 0.',
    lengthObjection('external reference', invoice.externalReference, 1, 100),
    lengthObjection('account reference', invoice.accountReference, 1, 100),
  ]
}
