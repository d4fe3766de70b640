import type { Daraja } from './client.ts'
import { IDENTIFIER_TYPES, initiatedObjections, judgeAcknowledgement, remarksOf } from './core/initiated.ts'
import type { Acknowledged, Initiated } from './core/initiated.ts'
import { asNumber, asText } from './core/json.ts'
import { lengthObjection, refuseLocally, shortcodeObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { allOf, parseParty, parseResult, shillingsOf, textOf, timeOf } from './result.ts'
import type { Party, Result } from './result.ts'
import type { Shillings } from './core/shillings.ts'

export type TransactionStatusQuery = Initiated & {
  /** Who asks: one of the transaction's two parties. */
  shortcode: string
  /** What kind of number that is. Defaults to `shortcode`. */
  identifierType?: 'msisdn' | 'till' | 'shortcode'
  /** The M-Pesa code asked about; or, where none is known, the id below. */
  receipt?: string
  /** The `OriginatorConversationID` or `MerchantRequestID` of the request that made the transaction. */
  originatorConversationId?: string
  /** Up to 100 characters. */
  occasion?: string
}

/**
 * Asks what became of a transaction (`POST /mpesa/transactionstatus/v1/query`): C2B with STK, B2C, B2B, reversals. Accepted
 * means that the answer comes to the result URL; read it with `parseTransactionStatusResult`. Never throws, moves no money.
 *
 * @example
 * await transactionStatus(daraja, {
 *   initiator: 'testapi', securityCredential, shortcode: '600782', receipt: 'NEF61H8J60',
 *   resultUrl: 'https://shop.example/in/1f2e', timeoutUrl: 'https://shop.example/in/1f2e/timeout',
 * })
 */
export async function transactionStatus(
  daraja: Daraja,
  query: TransactionStatusQuery,
  options: SendOptions = {},
): Promise<Outcome<Acknowledged>> {
  const { receipt, originatorConversationId, identifierType = 'shortcode' } = query
  const refusal = refuseLocally(
    [
      ...initiatedObjections(daraja, query),
      receipt || originatorConversationId ? undefined : 'Neither a receipt nor an OriginatorConversationID is given.',
      identifierType === 'msisdn' ? undefined : shortcodeObjection('short code', query.shortcode),
      lengthObjection('occasion', query.occasion ?? '', 0, 100),
    ],
    options,
  )
  if (refusal) return refusal
  const reply = await post(daraja, '/mpesa/transactionstatus/v1/query', {
    Initiator: query.initiator,
    SecurityCredential: query.securityCredential,
    CommandID: 'TransactionStatusQuery',
    TransactionID: receipt,
    OriginalConversationID: originatorConversationId,
    PartyA: query.shortcode,
    IdentifierType: IDENTIFIER_TYPES[identifierType],
    ResultURL: query.resultUrl,
    QueueTimeOutURL: query.timeoutUrl,
    Remarks: remarksOf(query),
    Occasion: query.occasion,
  })
  return judgeAcknowledgement(reply)
}

/** What the result of a status query says. Everything about the transaction is `undefined` where it was not found. */
export type TransactionStatusResult = {
  /** The envelope. Its `resultCode` 0 says that the question was answered, not that anybody paid; its ids are the question's. */
  result: Result
  /**
   * What became of the transaction: `Completed`, `Cancelled`, `Declined` and `Expired` are final; `Initiated`, `Authorized` and
   * `Pending Authorized` are not.
   */
  status: string | undefined
  receipt: string | undefined
  /** Shillings. */
  amount: Shillings | undefined
  debitParty: Party | undefined
  creditParty: Party | undefined
  initiatedAt: Date | undefined
  finalisedAt: Date | undefined
  /** What kind of transaction it was, e.g. `Business Payment to Customer via API`. */
  reasonType: string | undefined
  reason: string | undefined
  debitAccountType: string | undefined
  charges: readonly Charge[]
  /** The id of the request that made the transaction. */
  originatorConversationId: string | undefined
  conversationId: string | undefined
}

/** One fee of a transaction, in shillings. */
export type Charge = { name: string; currency: string; amount: number }

/** Reads the result of a status query. `undefined` for what is no result at all. */
export function parseTransactionStatusResult(body: unknown): TransactionStatusResult | undefined {
  const result = parseResult(body)
  if (!result) return undefined
  const [debitParty, creditParty] = readParties(result)
  return {
    result,
    status: textOf(result, 'TransactionStatus'),
    receipt: textOf(result, 'ReceiptNo'),
    amount: shillingsOf(result, 'Amount'),
    debitParty,
    creditParty,
    initiatedAt: timeOf(result, 'InitiatedTime'),
    finalisedAt: timeOf(result, 'FinalisedTime'),
    reasonType: textOf(result, 'ReasonType'),
    reason: textOf(result, 'TransactionReason'),
    debitAccountType: textOf(result, 'DebitAccountType'),
    charges: readCharges(textOf(result, 'DebitPartyCharges') ?? ''),
    originatorConversationId: textOf(result, 'OriginatorConversationID'),
    conversationId: textOf(result, 'ConversationID'),
  }
}

/** The current portal's sample names the credit party `DebitPartyName` too, as the second of that name. */
function readParties(result: Result): (Party | undefined)[] {
  const [debit, second] = allOf(result, 'DebitPartyName').map(asText)
  const credit = textOf(result, 'CreditPartyName') ?? second
  return [debit, credit].map((text) => (text === undefined ? undefined : parseParty(text)))
}

/** `Fee For B2C Payment|KES|22.40`, several joined by `&`. */
function readCharges(text: string): Charge[] {
  return text.split('&').flatMap((charge) => {
    const [name, currency, shillings] = charge.split('|').map((field) => field.trim())
    const amount = asNumber(shillings)
    return name && currency && amount !== undefined ? [{ name, currency, amount }] : []
  })
}
