import type { Daraja } from './client.ts'
import { initiatedObjections, judgeAcknowledgement, remarksOf } from './core/initiated.ts'
import type { Acknowledged, Initiated } from './core/initiated.ts'
import {
  amountObjection,
  lengthObjection,
  phoneObjection,
  refuseLocally,
  shortcodeObjection,
} from './core/objections.ts'
import type { Objection, SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { parsePhone } from './phone.ts'
import { parseResult, partyOf, receiptOf, shillingsOf, textOf, timeOf } from './result.ts'
import type { Party, Result } from './result.ts'
import type { Shillings } from './core/shillings.ts'

/** Money to a person. */
export type PayPerson = Initiated & {
  /** The short code that pays, from its Utility account. */
  shortcode: string
  /** The receiver's number in any usual form. */
  phone: string
  /** Whole shillings, 10 to 250,000. */
  amount: number
  /** Up to 100 characters. */
  occasion?: string
}

export type B2c = PayPerson & {
  /** `SalaryPayment` and `BusinessPayment` are plain; `PromotionPayment` congratulates in its SMS. */
  command: 'SalaryPayment' | 'BusinessPayment' | 'PromotionPayment'
} & (
    | {
        version?: 'v3'
        /** Your own id of this payment. Safaricom refuses a second one with the same id, so it is safe to ask again with it. */
        originatorConversationId: string
      }
    /** Takes no id of yours: a payment whose outcome is unknown can then only be sought in a statement. */
    | { version: 'v1' }
  )

/**
 * Pays a person (`POST /mpesa/b2c/v3/paymentrequest`, or v1). Accepted means that the outcome comes to the result URL; read it
 * with `parseB2cResult`. Never throws. After `unknown` the money may have moved. A refusal `500.002.1001` says that the id was
 * used before, which is evidence that the first request arrived. There is no API to take the money back.
 *
 * @example
 * await b2c(daraja, {
 *   initiator: 'testapi', securityCredential, command: 'BusinessPayment', shortcode: '600992', phone: '0705 912 645', amount: 10,
 *   originatorConversationId: 'pot_1f2e', resultUrl: 'https://shop.example/in/1f2e', timeoutUrl: 'https://shop.example/in/1f2e/timeout',
 * })
 */
export async function b2c(daraja: Daraja, payment: B2c, options: SendOptions = {}): Promise<Outcome<Acknowledged>> {
  const version = payment.version ?? 'v3'
  const ownId = 'originatorConversationId' in payment ? payment.originatorConversationId : undefined
  const objections = [...payPersonObjections(daraja, payment), version === 'v3' && !ownId ? MISSING_ID : undefined]
  const refusal = refuseLocally(objections, options)
  if (refusal) return refusal
  const body = {
    OriginatorConversationID: version === 'v3' ? ownId : undefined,
    ...payPersonBody(payment, payment.command),
  }
  return judgeAcknowledgement(await post(daraja, `/mpesa/b2c/${version}/paymentrequest`, body))
}

export const MISSING_ID = 'The OriginatorConversationID is missing.'

/** What Daraja refuses in a payment to a person. */
export function payPersonObjections(daraja: Daraja, payment: PayPerson): Objection[] {
  return [
    ...initiatedObjections(daraja, payment),
    shortcodeObjection('short code', payment.shortcode),
    phoneObjection(payment.phone),
    amountObjection(payment.amount, 10),
    lengthObjection('occasion', payment.occasion ?? '', 0, 100),
  ]
}

/** The body that B2C and Pochi share. These two alone say `InitiatorName`, and spell `Occassion` so. */
export function payPersonBody(payment: PayPerson, command: string) {
  return {
    InitiatorName: payment.initiator,
    SecurityCredential: payment.securityCredential,
    CommandID: command,
    Amount: String(payment.amount),
    PartyA: payment.shortcode,
    PartyB: parsePhone(payment.phone) ?? payment.phone,
    Remarks: remarksOf(payment),
    QueueTimeOutURL: payment.timeoutUrl,
    ResultURL: payment.resultUrl,
    Occassion: payment.occasion,
  }
}

/** What the result of a payment to a person says. A failure has nothing but its envelope. */
export type B2cResult = {
  result: Result
  /** The M-Pesa code; `undefined` for a failure, whatever its envelope names. */
  receipt: string | undefined
  /** Shillings. */
  amount: Shillings | undefined
  receiver: Party | undefined
  receiverIsRegistered: boolean | undefined
  transactedAt: Date | undefined
  /** What the accounts hold afterwards, in shillings; charges paid are negative. */
  utilityBalance: Shillings | undefined
  workingBalance: Shillings | undefined
  chargesPaidBalance: Shillings | undefined
}

/** Reads the result of B2C or Pochi. `undefined` for what is no result at all. */
export function parseB2cResult(body: unknown): B2cResult | undefined {
  const result = parseResult(body)
  if (!result) return undefined
  const registered = textOf(result, 'B2CRecipientIsRegisteredCustomer')
  return {
    result,
    receipt: result.resultCode === '0' ? (textOf(result, 'TransactionReceipt') ?? receiptOf(result)) : undefined,
    amount: shillingsOf(result, 'TransactionAmount'),
    receiver: partyOf(result, 'ReceiverPartyPublicName'),
    receiverIsRegistered: registered === undefined ? undefined : registered === 'Y',
    transactedAt: timeOf(result, 'TransactionCompletedDateTime'),
    utilityBalance: shillingsOf(result, 'B2CUtilityAccountAvailableFunds'),
    workingBalance: shillingsOf(result, 'B2CWorkingAccountAvailableFunds'),
    chargesPaidBalance: shillingsOf(result, 'B2CChargesPaidAccountAvailableFunds'),
  }
}
