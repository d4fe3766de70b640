import type { Provenance } from './error-codes.ts'

/** Why a payment failed, in words of ours that do not change when Safaricom's codes do. */
export type Failure =
  | 'cancelled_by_payer'
  | 'wrong_pin'
  | 'insufficient_funds'
  | 'payer_unreachable'
  | 'prompt_expired'
  | 'limit_exceeded'
  | 'payer_busy'
  | 'provider_error'

/** One `ResultCode` of an STK push. */
export type ResultCode = {
  code: string
  /** Safaricom's wordings. Callback and query word the same code differently, so match by code alone. */
  descriptions: readonly string[]
  /** What it means, for a developer. */
  meaning: string
  /** What to tell the payer. */
  payer: string
  /** `undefined` for what is no failure: 0 and 4999. */
  failure: Failure | undefined
  /** Whether this push is over. A code that is final can still be followed by a success that was under way. */
  final: boolean
  provenance: Provenance
}

const ASK_SHOP = 'This payment could not be taken. You have not been charged; please ask the shop.'
const TRY_LATER = 'M-PESA is busy at the moment. You have not been charged; please try again in a few minutes.'
const NOT_SENT = 'M-PESA could not send the request to your phone. You have not been charged; please try again.'
const OUT_OF_TIME =
  'The request on your phone ran out of time. You have not been charged; try again, and enter your PIN within a minute.'
const OVER_LIMIT = 'This amount is over what M-PESA allows. You have not been charged; try a smaller amount.'

/** What an STK push can end with. Safaricom publishes no complete list: expect others, and show their description. */
export const RESULT_CODES: readonly ResultCode[] = [
  {
    code: '0',
    descriptions: ['The service request is processed successfully.'],
    meaning: 'The payer paid.',
    payer: 'Thank you. Your payment was received.',
    failure: undefined,
    final: true,
    provenance: 'observed',
  },
  {
    code: '1',
    descriptions: ['The balance is insufficient for the transaction.'],
    meaning: "The payer's M-PESA balance, with Fuliza, is too small.",
    payer: 'There is not enough money in your M-PESA. Top up and try again.',
    failure: 'insufficient_funds',
    final: true,
    provenance: 'portal',
  },
  {
    code: '2',
    descriptions: [
      'Declined due to limit rule.',
      'Declined due to limit rule: less than the minimum transaction amount.',
    ],
    meaning: 'The amount is below the minimum of one shilling.',
    payer: 'This amount is less than M-PESA allows. You have not been charged; try a larger amount.',
    failure: 'limit_exceeded',
    final: true,
    provenance: 'portal',
  },
  {
    code: '3',
    descriptions: ['Declined due to limit rule: greater than the maximum transaction amount.'],
    meaning: 'The amount is above 250,000 shillings.',
    payer: OVER_LIMIT,
    failure: 'limit_exceeded',
    final: true,
    provenance: 'portal',
  },
  {
    code: '4',
    descriptions: ['Declined due to limit rule: would exceed daily transfer limit.'],
    meaning: 'The payer would move more than 500,000 shillings in one day.',
    payer: 'You have reached your M-PESA limit for today. Try a smaller amount, or try tomorrow.',
    failure: 'limit_exceeded',
    final: true,
    provenance: 'portal',
  },
  {
    code: '8',
    descriptions: ['Declined due to limit rule: would exceed the maximum balance.'],
    meaning: 'The paybill or till would hold more than its limit. Withdraw from it.',
    payer: 'The shop cannot receive this payment at the moment. You have not been charged; please tell the shop.',
    failure: 'limit_exceeded',
    final: true,
    provenance: 'portal',
  },
  {
    code: '17',
    descriptions: ['Rule limited.'],
    meaning: 'The same amount from the same payer within two minutes. Wait before asking again.',
    payer:
      'You were asked for the same amount a moment ago. Check your M-PESA messages, and try again after two minutes.',
    failure: 'limit_exceeded',
    final: true,
    provenance: 'portal',
  },
  {
    code: '26',
    descriptions: ['System busy', 'Traffic blocking condition in place'],
    meaning: 'M-PESA is overloaded.',
    payer: TRY_LATER,
    failure: 'provider_error',
    final: true,
    provenance: 'reported',
  },
  {
    code: '1001',
    descriptions: ['Unable to lock subscriber, a transaction is already in process for the current subscriber'],
    meaning: 'Another M-PESA session is open on the phone. Wait one to three minutes before asking again.',
    payer: 'Your phone is busy with another M-PESA request. Finish it, wait two minutes, and try again.',
    failure: 'payer_busy',
    final: true,
    provenance: 'portal',
  },
  {
    code: '1019',
    descriptions: ['Transaction has expired.'],
    meaning: 'The request was not processed in time.',
    payer: OUT_OF_TIME,
    failure: 'prompt_expired',
    final: true,
    provenance: 'observed',
  },
  {
    code: '1025',
    descriptions: ['An error occurred while sending a push request.'],
    meaning:
      "The prompt could not be sent; one longer than 182 characters cannot. Shorten the account reference, or the organisation's name.",
    payer: NOT_SENT,
    failure: 'provider_error',
    final: true,
    provenance: 'portal',
  },
  {
    code: '1031',
    descriptions: ['STK push timeout', 'Request cancelled'],
    meaning: 'No PIN was entered in time.',
    payer: OUT_OF_TIME,
    failure: 'prompt_expired',
    final: true,
    provenance: 'reported',
  },
  {
    code: '1032',
    descriptions: ['Request cancelled by user.', 'Request Cancelled by user.'],
    meaning: 'The payer pressed cancel, or let the prompt run out.',
    payer: 'You cancelled the request on your phone. You have not been charged; try again whenever you like.',
    failure: 'cancelled_by_payer',
    final: true,
    provenance: 'observed',
  },
  {
    code: '1036',
    descriptions: ['SMSC ACK timeout'],
    meaning: 'The phone did not confirm that the prompt arrived.',
    payer: 'We could not reach your phone. Check that it is on and has signal, and try again.',
    failure: 'payer_unreachable',
    final: true,
    provenance: 'reported',
  },
  {
    code: '1037',
    descriptions: ['DS timeout user cannot be reached.', 'No response from user.'],
    meaning: 'The phone is off, without signal, has an old SIM, or nobody answered the prompt.',
    payer:
      'Your phone did not answer. Check that it is on and has signal, and try again. If no request appears, dial *234# to update your SIM.',
    failure: 'payer_unreachable',
    final: true,
    provenance: 'observed',
  },
  {
    code: '2001',
    descriptions: ['The initiator information is invalid.'],
    meaning: 'The payer entered a wrong M-PESA PIN.',
    payer: 'The M-PESA PIN was not right. You have not been charged; try again with the right one.',
    failure: 'wrong_pin',
    final: true,
    provenance: 'portal',
  },
  {
    code: '2006',
    descriptions: ['Declined due to account rule: The account status does not allow this transaction.'],
    meaning: "The payer's account, or yours, is not active.",
    payer: 'M-PESA does not allow this payment from your account. Call Safaricom on 100 to ask why.',
    failure: 'provider_error',
    final: true,
    provenance: 'reported',
  },
  {
    code: '2028',
    descriptions: ['The request is not permitted according to product assignment.'],
    meaning: 'Type, short code and till do not go together. A till needs its store number as short code.',
    payer: ASK_SHOP,
    failure: 'provider_error',
    final: true,
    provenance: 'portal',
  },
  {
    code: '4999',
    descriptions: ['The transaction is still under processing'],
    meaning: 'Nothing is decided yet, in a callback as in a query.',
    payer: 'Waiting for you to enter your M-PESA PIN.',
    failure: undefined,
    final: false,
    provenance: 'observed',
  },
  {
    code: '8006',
    descriptions: ['The security credential is locked.'],
    meaning: "The payer's PIN is locked after too many wrong ones.",
    payer: 'Your M-PESA PIN is locked. Call Safaricom on 100 or 200 to unlock it.',
    failure: 'provider_error',
    final: true,
    provenance: 'portal',
  },
  {
    code: '9999',
    descriptions: ['An error occurred while sending a push request'],
    meaning: 'The prompt could not be sent.',
    payer: NOT_SENT,
    failure: 'provider_error',
    final: true,
    provenance: 'reported',
  },
  {
    code: 'SFC_IC0003',
    descriptions: ['The operator does not exist.'],
    meaning:
      'Type, short code and till do not go together. Most often the till number stands where its store number belongs.',
    payer: ASK_SHOP,
    failure: 'provider_error',
    final: true,
    provenance: 'portal',
  },
  {
    code: 'E3008',
    descriptions: ['Error, the user has a bad debt contract.'],
    meaning: 'Seen in the sandbox for a number that is no test number.',
    payer: 'M-PESA does not allow this payment from your account. Call Safaricom on 100 to ask why.',
    failure: 'provider_error',
    final: true,
    provenance: 'observed',
  },
]

/**
 * What a `ResultCode` of an STK push means, given as number or text. A code that is not in the catalogue is a failure
 * whose meaning only its description tells.
 *
 * @example describeResult(1032).failure // 'cancelled_by_payer'
 */
export function describeResult(code: string | number): ResultCode {
  return RESULT_CODES.find((known) => known.code === String(code)) ?? { ...UNLISTED, code: String(code) }
}

const UNLISTED: Omit<ResultCode, 'code'> = {
  descriptions: [],
  meaning: 'A code that Safaricom does not document: see the description that came with it.',
  payer: 'M-PESA could not take this payment. Check your M-PESA messages before you try again.',
  failure: 'provider_error',
  final: true,
  provenance: 'reported',
}

/** True for the code that says that nothing is decided yet: wherever it stands, it is no verdict. */
export function isStillProcessing(resultCode: string): boolean {
  return resultCode === '4999'
}
