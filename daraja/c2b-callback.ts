import { asText, readBody } from './core/json.ts'
import { readBalance, readShillings } from './core/shillings.ts'
import type { Shillings } from './core/shillings.ts'
import { parseNairobi } from './nairobi.ts'

/** A payment that a customer started: asked about in a validation, told in a confirmation, in the same form. */
export type C2bPayment = {
  /** The M-Pesa code. */
  receipt: string
  /** `Pay Bill` or `Buy Goods`. */
  type: string | undefined
  transactedAt: Date | undefined
  /** Shillings. */
  amount: Shillings | undefined
  shortcode: string | undefined
  /** The account that the payer entered, up to 20 characters; none for a till. */
  billReference: string | undefined
  invoiceNumber: string | undefined
  /** What the Utility account holds afterwards, in shillings; absent in a validation. */
  balance: Shillings | undefined
  /** What the answer to the validation said. */
  thirdPartyId: string | undefined
  /** As it came: masked (version 2) or hashed (version 1), seldom plain. See `fitsMask` and `hashPhone`. */
  phone: string | undefined
  /** First, middle and last name as far as they came; often the first alone. */
  payerName: string | undefined
}

/**
 * Reads the body of a C2B confirmation, parsed or as text. It carries no result code: a confirmation is a payment that was
 * made. `undefined` for what is no such body. Safaricom signs nothing, so this tells what the body claims.
 *
 * @example const payment = parseC2bConfirmation(await request.json())
 */
export function parseC2bConfirmation(body: unknown): C2bPayment | undefined {
  const payment = readBody(body)
  const receipt = asText(payment?.['TransID'])
  if (!payment || !receipt || payment['TransAmount'] === undefined) return undefined
  const names = [payment['FirstName'], payment['MiddleName'], payment['LastName']]
    .map(asText)
    .filter((name) => name !== undefined)
  return {
    receipt,
    type: asText(payment['TransactionType']),
    transactedAt: parseNairobi(asText(payment['TransTime']) ?? ''),
    amount: readShillings(payment['TransAmount']),
    shortcode: asText(payment['BusinessShortCode']),
    billReference: asText(payment['BillRefNumber']),
    invoiceNumber: asText(payment['InvoiceNumber']),
    balance: readBalance(payment['OrgAccountBalance']),
    thirdPartyId: asText(payment['ThirdPartyTransID']),
    phone: asText(payment['MSISDN']),
    payerName: names.join(' ') || undefined,
  }
}

/** Reads the body of a C2B validation. Answer it within eight seconds; the money has not moved yet. */
export function parseC2bValidation(body: unknown): C2bPayment | undefined {
  return parseC2bConfirmation(body)
}

/** Why a payment is turned away; Safaricom tells the payer accordingly. */
export const C2B_REJECTIONS = {
  C2B00011: 'Invalid MSISDN',
  C2B00012: 'Invalid Account Number',
  C2B00013: 'Invalid Amount',
  C2B00014: 'Invalid KYC Details',
  C2B00015: 'Invalid Short code',
  C2B00016: 'Other Error',
} as const

export type C2bRejection = keyof typeof C2B_REJECTIONS

/** The answer to a validation that lets the payment through. An id of yours comes back in the confirmation. */
export function acceptValidation(thirdPartyId?: string) {
  const accepted = { ResultCode: '0', ResultDesc: 'Accepted' }
  return thirdPartyId === undefined ? accepted : { ...accepted, ThirdPartyTransID: thirdPartyId }
}

/**
 * The answer to a validation that turns the payment away.
 *
 * @example Response.json(rejectValidation('C2B00012')) // There is no such account.
 */
export function rejectValidation(code: C2bRejection) {
  return { ResultCode: code, ResultDesc: 'Rejected' }
}

/** The answer to a confirmation. Safaricom ignores what it says. */
export function acknowledgeConfirmation() {
  return { ResultCode: 0, ResultDesc: 'Success' }
}
