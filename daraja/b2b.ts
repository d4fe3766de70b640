import type { Daraja } from './client.ts'
import { IDENTIFIER_TYPES, initiatedObjections, judgeAcknowledgement, remarksOf } from './core/initiated.ts'
import type { Acknowledged, Initiated } from './core/initiated.ts'
import {
  lengthObjection,
  phoneObjection,
  refuseLocally,
  shortcodeObjection,
  wholeObjection,
} from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { parsePhone } from './phone.ts'
import { parseResult, partyOf, receiptOf, shillingsOf, textOf, timeOf } from './result.ts'
import type { Party, Result } from './result.ts'
import type { Shillings } from './core/shillings.ts'

/**
 * What can be moved between businesses. The first three stand on the portal: from your Working account to a paybill, to a
 * till, and to the Utility account of a B2C short code. The fourth moves money between your own accounts, after Safaricom
 * has allowed it. The rest come from older versions of Daraja.
 */
export type B2bCommand =
  | 'BusinessPayBill'
  | 'BusinessBuyGoods'
  | 'BusinessPayToBulk'
  | 'BusinessTransferFromMMFToUtility'
  | 'BusinessTransferFromUtilityToMMF'
  | 'BusinessToBusinessTransfer'
  | 'DisburseFundsToBusiness'
  | 'MerchantToMerchantTransfer'
  | 'MerchantTransferFromMerchantToWorking'
  | 'MerchantServicesMMFAccountTransfer'
  | 'AgencyFloatAdvance'

export type B2b = Initiated & {
  command: B2bCommand
  /** The short code that pays. */
  shortcode: string
  /** The paybill or till that receives. */
  receiver: string
  /** What kind of number the receiver is. Defaults to `shortcode`, the only one on the portal, for tills too; some send `till`. */
  receiverType?: 'shortcode' | 'till'
  /** Whole shillings. */
  amount: number
  /** The account at the receiver; up to 20 characters, 13 by the newer pages. */
  accountReference: string
  /** The customer on whose behalf this is paid. */
  requester?: string
  /** Up to 100 characters. */
  occasion?: string
}

/**
 * Pays a business (`POST /mpesa/b2b/v1/paymentrequest`). Accepted means that the outcome comes to the result URL; read it with
 * `parseB2bResult`. Never throws. After `unknown` the money may have moved, and as the request carries no id of yours, only
 * its result or a statement tells.
 *
 * @example
 * await b2b(daraja, {
 *   initiator: 'testapi', securityCredential, command: 'BusinessPayBill', shortcode: '600979', receiver: '600000', amount: 239,
 *   accountReference: '353353', resultUrl: 'https://shop.example/in/1f2e', timeoutUrl: 'https://shop.example/in/1f2e/timeout',
 * })
 */
export async function b2b(daraja: Daraja, payment: B2b, options: SendOptions = {}): Promise<Outcome<Acknowledged>> {
  const refusal = refuseLocally(
    [
      ...initiatedObjections(daraja, payment),
      shortcodeObjection('short code', payment.shortcode),
      shortcodeObjection('receiver', payment.receiver),
      wholeObjection(payment.amount),
      lengthObjection('account reference', payment.accountReference, 1, 20),
      payment.requester === undefined ? undefined : phoneObjection(payment.requester),
      lengthObjection('occasion', payment.occasion ?? '', 0, 100),
    ],
    options,
  )
  if (refusal) return refusal
  const { requester, occasion } = payment
  const reply = await post(daraja, '/mpesa/b2b/v1/paymentrequest', {
    ...payBusinessBody(payment),
    RecieverIdentifierType: IDENTIFIER_TYPES[payment.receiverType ?? 'shortcode'],
    Requester: requester === undefined ? undefined : (parsePhone(requester) ?? requester),
    Occassion: occasion,
  })
  return judgeAcknowledgement(reply)
}

/** The part that payments to businesses and to the tax authority share. `Reciever` is how Daraja spells it. */
export function payBusinessBody(payment: Omit<B2b, 'command'> & { command: string }) {
  return {
    Initiator: payment.initiator,
    SecurityCredential: payment.securityCredential,
    CommandID: payment.command,
    SenderIdentifierType: IDENTIFIER_TYPES.shortcode,
    RecieverIdentifierType: IDENTIFIER_TYPES.shortcode as string,
    Amount: String(payment.amount),
    PartyA: payment.shortcode,
    PartyB: payment.receiver,
    AccountReference: payment.accountReference,
    Remarks: remarksOf(payment),
    QueueTimeOutURL: payment.timeoutUrl,
    ResultURL: payment.resultUrl,
  }
}

/** What the result of a payment to a business says. A failure has hardly more than its envelope. */
export type B2bResult = {
  result: Result
  /** The M-Pesa code; `undefined` for a failure, whatever its envelope names. */
  receipt: string | undefined
  /** Shillings. */
  amount: Shillings | undefined
  currency: string | undefined
  receiver: Party | undefined
  transactedAt: Date | undefined
  /** What the paying account holds afterwards, in shillings. */
  debitAccountBalance: Shillings | undefined
  /** Safaricom's balance string: see `parseBalances`. */
  affectedBalance: string | undefined
  charges: string | undefined
}

/** Reads the result of B2B, top-up or tax remittance. `undefined` for what is no result at all. */
export function parseB2bResult(body: unknown): B2bResult | undefined {
  const result = parseResult(body)
  if (!result) return undefined
  return {
    result,
    receipt: receiptOf(result),
    amount: shillingsOf(result, 'Amount'),
    currency: textOf(result, 'Currency'),
    receiver: partyOf(result, 'ReceiverPartyPublicName'),
    transactedAt: timeOf(result, 'TransCompletedTime', 'TransactionCompletedTime', 'BOCompletedTime'),
    debitAccountBalance: shillingsOf(result, 'DebitAccountBalance', 'DebitAccountCurrentBalance'),
    affectedBalance: textOf(result, 'DebitPartyAffectedAccountBalance'),
    charges: textOf(result, 'DebitPartyCharges'),
  }
}
