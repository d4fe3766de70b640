import { parseReversalResult, reversal } from '@lango/daraja'
import type { Context } from '../../context.ts'
import type { Account } from '../../accounts/account.ts'
import { Problem } from '../../problem.ts'
import type { RefundFailureCode, RefundFinding } from '../finding.ts'
import type { Acknowledged, Refused, Unknown } from '../outcome.ts'
import type { Posted } from '../posted.ts'
import type { RefundRequest } from '../request.ts'
import { amountOf } from './amount.ts'
import { darajaOf } from './daraja.ts'
import { asAcknowledged, operatorPart, refuseWithoutOperator, remarks } from './operator.ts'
import { readReceipt } from './receipt.ts'
import { verdictBy } from './verdict.ts'

/** Asks for a reversal of the payment's receipt, whole or in part. */
export async function refund(
  context: Context,
  account: Account,
  { merchant_id, id, payment_receipt, amount_cents, reason }: RefundRequest,
): Promise<Acknowledged | Refused | Unknown> {
  const outcome = await reversal(darajaOf(context, account), {
    ...operatorPart(context, account, { kind: 'refund', merchant_id, subject_id: id }),
    shortcode: account.shortcode,
    receipt: payment_receipt,
    amount: amount_cents / 100,
    remarks: remarks(reason, 'Refund'),
  })
  return asAcknowledged(outcome)
}

/** Refuses an amount that M-Pesa does not give back, and accounts that have nobody who may. */
export function refuseUnrefundable(account: Account, { amount_cents }: { amount_cents: number }): void {
  refuseWithoutOperator(account)
  if (amount_cents % 100 !== 0)
    throw new Problem(
      'amount_not_whole',
      'M-Pesa gives back whole shillings only. Send the amount without cents.',
      'amount',
    )
}

/** Reads the result of a reversal; undefined when the body is none. */
export function readRefund({ json }: Posted): RefundFinding | undefined {
  const reversed = parseReversalResult(json)
  if (!reversed) return undefined
  const { result, receipt, originalReceipt, amount, transactedAt } = reversed
  return {
    ...verdictOf(result.resultCode, result.resultDescription),
    receipt: readReceipt(receipt),
    original_receipt: readReceipt(originalReceipt),
    ...amountOf(amount),
    gone_at: transactedAt,
    conversation_id: result.conversationId,
    originator_conversation_id: result.originatorConversationId,
  }
}

/** The codes that Safaricom's portal lists for a reversal, in words for whoever asked for the refund. */
export const verdictOf = verdictBy<RefundFailureCode>({
  R000001: [
    'already_reversed',
    'M-Pesa says that this payment was reversed before. The M-Pesa statement shows when, and how much.',
  ],
  R000002: [
    'not_reversible',
    'M-Pesa knows no such receipt, or not one that can be reversed: only what customers paid to this short code can.',
  ],
  '1': [
    'insufficient_funds',
    'The short code no longer holds enough money to give this back. Put money into its account, and refund again.',
  ],
  '2': ['provider_error', 'M-Pesa refused the amount: it is less than it gives back, or more than the payment was.'],
  '11': ['account_inactive', 'The account of the short code is not active. Ask Safaricom to activate it.'],
  '21': [
    'operator_not_permitted',
    'The API operator may not reverse payments. Give it the role "Org Reversals Initiator" in the M-PESA organisation portal.',
  ],
  '2001': [
    'operator_invalid',
    'M-Pesa does not accept the API operator: its name, its password or the security credential is wrong, or the password is older than 90 days.',
  ],
  '2006': [
    'account_inactive',
    "The payer's account, or the short code's, is not active and takes part in no transaction.",
  ],
  '2028': ['product_missing', 'The short code lacks the product that reversals need. Ask Safaricom to add it.'],
  '8006': [
    'operator_locked',
    "The API operator's password is locked after wrong ones. Unlock it in the M-PESA organisation portal.",
  ],
})
