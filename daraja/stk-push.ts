import { isProduction } from './client.ts'
import type { Daraja } from './client.ts'
import { textToBase64 } from './core/base64.ts'
import { asList, asObject, asText, member, readBody } from './core/json.ts'
import { isZero, judge } from './core/judge.ts'
import {
  amountObjection,
  lengthObjection,
  phoneObjection,
  refuseLocally,
  shortcodeObjection,
  urlObjection,
} from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { readBalance, readShillings } from './core/shillings.ts'
import type { Shillings } from './core/shillings.ts'
import { nairobiTimestamp, parseNairobi } from './nairobi.ts'
import { parsePhone } from './phone.ts'

export type StkPush = {
  /** The paybill, or for a till the store number that it went live with. The passkey belongs to it. */
  shortcode: string
  passkey: string
  type: 'paybill' | 'till'
  /** The till number; needed for type `till`. */
  till?: string
  /** Whole shillings, 1 to 250,000. */
  amount: number
  /** The payer's number in any usual form. */
  phone: string
  /** Shown in the prompt and in the payer's SMS; 1 to 12 characters. */
  accountReference: string
  /** 1 to 13 characters. Safaricom's portal calls it optional, but the sandbox refuses a push without it. */
  description: string
  callbackUrl: string
}

export type StkPushAccepted = {
  merchantRequestId: string
  checkoutRequestId: string
  responseDescription: string
  customerMessage: string
}

/**
 * Makes a phone ring and ask its owner to pay (M-Pesa Express, `POST /mpesa/stkpush/v1/processrequest`). Accepted means
 * that the prompt is on its way, not that anybody paid: that comes by callback. Never throws. After `unknown` the phone may
 * be ringing; Safaricom has no idempotency key, so a second push may be paid a second time.
 *
 * @example
 * const outcome = await stkPush(daraja, {
 *   shortcode: '174379', passkey, type: 'paybill', amount: 100, phone: '0712 345 678',
 *   accountReference: 'INV-7', description: 'Shoes', callbackUrl: 'https://shop.example/in/1f2e',
 * })
 * if (outcome.kind === 'accepted') remember(outcome.checkoutRequestId)
 */
export async function stkPush(
  daraja: Daraja,
  push: StkPush,
  options: SendOptions = {},
): Promise<Outcome<StkPushAccepted>> {
  const objections = [
    amountObjection(push.amount),
    phoneObjection(push.phone),
    shortcodeObjection('short code', push.shortcode),
    push.type === 'till' ? shortcodeObjection('till', push.till ?? '') : undefined,
    lengthObjection('account reference', push.accountReference, 1, 12),
    lengthObjection('description', push.description, 1, 13),
    urlObjection('callback URL', push.callbackUrl, isProduction(daraja)),
  ]
  const refusal = refuseLocally(objections, options)
  if (refusal) return refusal
  const reply = await post(daraja, '/mpesa/stkpush/v1/processrequest', stkPushBody(push, daraja.now()))
  return judge(reply, {
    accepted(json) {
      const merchantRequestId = asText(json['MerchantRequestID'])
      const checkoutRequestId = asText(json['CheckoutRequestID'])
      if (!isZero(json['ResponseCode']) || !merchantRequestId || !checkoutRequestId) return undefined
      const responseDescription = asText(json['ResponseDescription']) ?? ''
      return {
        merchantRequestId,
        checkoutRequestId,
        responseDescription,
        customerMessage: asText(json['CustomerMessage']) ?? '',
      }
    },
  })
}

function stkPushBody(push: StkPush, now: Date) {
  const phone = parsePhone(push.phone) ?? push.phone
  return {
    BusinessShortCode: push.shortcode,
    ...stkPassword(push.shortcode, push.passkey, now),
    TransactionType: push.type === 'till' ? 'CustomerBuyGoodsOnline' : 'CustomerPayBillOnline',
    Amount: String(push.amount),
    PartyA: phone,
    PartyB: push.type === 'till' ? push.till : push.shortcode,
    PhoneNumber: phone,
    CallBackURL: push.callbackUrl,
    AccountReference: push.accountReference,
    TransactionDesc: push.description,
  }
}

/** The password and the time inside it, which must be the same to the digit: so both come from one reading of the clock. */
export function stkPassword(shortcode: string, passkey: string, now: Date): { Password: string; Timestamp: string } {
  const timestamp = nairobiTimestamp(now)
  return { Password: textToBase64(shortcode + passkey + timestamp), Timestamp: timestamp }
}

/** What the callback of an STK push says. A failure has no details, and a success may lack them. */
export type StkCallback = {
  merchantRequestId: string | undefined
  checkoutRequestId: string
  /** `0` if the payer paid; see `describeResult` for the others. Mostly digits, but codes with letters exist. */
  resultCode: string
  resultDescription: string
  /** Shillings. */
  amount: Shillings | undefined
  /** The M-Pesa code, e.g. `NLJ7RT61SV`. */
  receipt: string | undefined
  /** `254…`, not masked. */
  phone: string | undefined
  transactedAt: Date | undefined
  /** Shillings. Hardly ever sent. */
  balance: Shillings | undefined
}

/**
 * Reads what Safaricom posts to the callback URL of an STK push, parsed or as text. `undefined` for what is no such
 * callback. A success without its details is a success all the same. Safaricom signs nothing, so this tells what the body
 * claims, not that it is true.
 *
 * @example parseStkCallback(await request.json())?.resultCode // '1032': the payer cancelled.
 */
export function parseStkCallback(body: unknown): StkCallback | undefined {
  const callback = asObject(asObject(readBody(body)?.['Body'])?.['stkCallback'])
  const checkoutRequestId = asText(callback?.['CheckoutRequestID'])
  const resultCode = asText(callback?.['ResultCode'])
  if (!callback || !checkoutRequestId || !resultCode) return undefined
  const details = readDetails(callback['CallbackMetadata'])
  return {
    merchantRequestId: asText(callback['MerchantRequestID']),
    checkoutRequestId,
    resultCode,
    resultDescription: asText(callback['ResultDesc']) ?? '',
    // Details in a form that nobody knows may tell an amount.
    amount: details ? readShillings(details.get('amount')) : 'unreadable',
    receipt: asText(details?.get('mpesareceiptnumber')),
    phone: asText(details?.get('phonenumber')),
    transactedAt: parseNairobi(asText(details?.get('transactiondate')) ?? ''),
    balance: readBalance(details?.get('balance')),
  }
}

/**
 * The details by name: their order changes, and `Balance` may stand there without a value; whoever stands between may leave out
 * `Item`, or write names in small letters. `undefined` where something is told and none of it can be read.
 */
function readDetails(metadata: unknown): ReadonlyMap<string, unknown> | undefined {
  const object = asObject(metadata)
  const items = asList(object && 'Item' in object ? object['Item'] : metadata)
  const details = new Map<string, unknown>()
  for (const item of items.map(asObject)) {
    const name = asText(member(item, 'Name'))
    if (name) details.set(name.toLowerCase(), member(item, 'Value'))
  }
  return details.size > 0 || items.every(isNothing) ? details : undefined
}

function isNothing(item: unknown): boolean {
  return item === null || item === '' || (typeof item === 'object' && Object.keys(item).length === 0)
}
