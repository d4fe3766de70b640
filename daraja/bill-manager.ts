import { isProduction } from './client.ts'
import type { Daraja } from './client.ts'
import { BILL_MANAGER_PATH, callBillManager, readConflict, saysYes } from './core/bill-manager-call.ts'
import type { BillManagerDone, WithAppKey } from './core/bill-manager-call.ts'
import { asText, readBody } from './core/json.ts'
import { judge } from './core/judge.ts'
import { refuseLocally, shortcodeObjection, urlObjection, urlWordObjection } from './core/objections.ts'
import type { Objection, SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { readShillings } from './core/shillings.ts'
import type { Shillings } from './core/shillings.ts'
import { formatNairobi, parseNairobi } from './nairobi.ts'

export * from './bill-manager-invoices.ts'

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
 * Opts a short code in to Bill Manager (`POST /v1/billmanager-invoice/optin`). Keep the `appKey` it answers with: every other
 * call needs it. Bill Manager's own refusals have code 409 and its words. Never throws.
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
): Promise<Outcome<WithAppKey>> {
  const refusal = refuseLocally(detailsObjections(daraja, details), options)
  if (refusal) return refusal
  const reply = await post(daraja, `${BILL_MANAGER_PATH}/optin`, detailsBody(details))
  return judge(reply, {
    accepted(json) {
      const appKey = asText(json['app_key'])
      return saysYes(json) && appKey ? { appKey } : undefined
    },
    refused: readConflict,
  })
}

/** Replaces the details given when opting in (`change-optin-details`). Never throws. */
export async function billManagerUpdate(
  daraja: Daraja,
  { appKey, ...details }: WithAppKey & BillManagerDetails,
  options: SendOptions = {},
): Promise<Outcome<BillManagerDone>> {
  const refusal = refuseLocally(detailsObjections(daraja, details), options)
  if (refusal) return refusal
  return await callBillManager(daraja, { appKey, operation: 'change-optin-details', body: detailsBody(details) })
}

/** A payment that Bill Manager posts to the callback URL. */
export type BillPayment = {
  /** The M-Pesa code. */
  receipt: string
  /** Shillings. */
  amount: Shillings | undefined
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

export type BillReceipt = WithAppKey & {
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
export function sendBillReceipt(daraja: Daraja, payment: BillReceipt): Promise<Outcome<BillManagerDone>> {
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
  return callBillManager(daraja, { appKey: payment.appKey, operation: 'reconciliation', body })
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
