import type { Daraja } from './client.ts'
import { IDENTIFIER_TYPES, initiatedObjections, judgeAcknowledgement, remarksOf } from './core/initiated.ts'
import type { Acknowledged, Initiated } from './core/initiated.ts'
import { amountObjection, refuseLocally, shortcodeObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { parseResult, partyOf, receiptOf, shillingsOf, textOf, timeOf } from './result.ts'
import type { Party, Result } from './result.ts'
import type { Shillings } from './core/shillings.ts'

export type Reversal = Initiated & {
  /** The short code that received the money. */
  shortcode: string
  /** The M-Pesa code of the payment, C2B or STK. */
  receipt: string
  /** Whole shillings, 1 to 250,000. */
  amount: number
}

/**
 * Gives a customer's payment back, C2B or STK alone (`POST /mpesa/reversal/v1/request`). Accepted means that the outcome comes
 * to the result URL; read it with `parseReversalResult`. Never throws. After `unknown` the money may be on its way back: a
 * second request for the same receipt is refused with `R000001` if the first was carried out.
 *
 * @example
 * await reversal(daraja, {
 *   initiator: 'apiop37', securityCredential, shortcode: '603021', receipt: 'PDU91HIVIT', amount: 200,
 *   resultUrl: 'https://shop.example/in/1f2e', timeoutUrl: 'https://shop.example/in/1f2e/timeout',
 * })
 */
export async function reversal(
  daraja: Daraja,
  request: Reversal,
  options: SendOptions = {},
): Promise<Outcome<Acknowledged>> {
  const refusal = refuseLocally(
    [
      ...initiatedObjections(daraja, request),
      shortcodeObjection('short code', request.shortcode),
      amountObjection(request.amount),
      request.receipt === '' ? 'The receipt is missing.' : undefined,
    ],
    options,
  )
  if (refusal) return refusal
  const reply = await post(daraja, '/mpesa/reversal/v1/request', {
    Initiator: request.initiator,
    SecurityCredential: request.securityCredential,
    CommandID: 'TransactionReversal',
    TransactionID: request.receipt,
    Amount: String(request.amount),
    ReceiverParty: request.shortcode,
    RecieverIdentifierType: IDENTIFIER_TYPES.reversal,
    ResultURL: request.resultUrl,
    QueueTimeOutURL: request.timeoutUrl,
    Remarks: remarksOf(request),
  })
  return judgeAcknowledgement(reply)
}

/** What the result of a reversal says. A failure has nothing but its envelope. */
export type ReversalResult = {
  /** Code 0: the money is back. `R000001`: it was already. `R000002`: no such receipt. */
  result: Result
  /** The M-Pesa code of the reversal itself. */
  receipt: string | undefined
  /** The M-Pesa code of the payment that was given back. */
  originalReceipt: string | undefined
  /** Shillings. */
  amount: Shillings | undefined
  charge: Shillings | undefined
  transactedAt: Date | undefined
  creditParty: Party | undefined
  debitParty: Party | undefined
  /** Safaricom's balance string: see `parseBalances`. */
  debitAccountBalance: string | undefined
}

/** Reads the result of a reversal. `undefined` for what is no result at all. */
export function parseReversalResult(body: unknown): ReversalResult | undefined {
  const result = parseResult(body)
  if (!result) return undefined
  return {
    result,
    receipt: receiptOf(result),
    originalReceipt: textOf(result, 'OriginalTransactionID'),
    amount: shillingsOf(result, 'Amount'),
    charge: shillingsOf(result, 'Charge'),
    transactedAt: timeOf(result, 'TransCompletedTime'),
    creditParty: partyOf(result, 'CreditPartyPublicName'),
    debitParty: partyOf(result, 'DebitPartyPublicName'),
    debitAccountBalance: textOf(result, 'DebitAccountBalance'),
  }
}
