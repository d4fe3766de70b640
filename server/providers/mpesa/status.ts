import { describeBusinessResult, parsePhone, parseTransactionStatusResult, transactionStatus } from '@lango/daraja'
import type { Party, TransactionStatusResult } from '@lango/daraja'
import type { Context } from '../../context.ts'
import type { Account } from '../../accounts/account.ts'
import type { FailureCode } from '../finding.ts'
import type { Acknowledged, Refused, Unknown } from '../outcome.ts'
import type { Posted } from '../posted.ts'
import type { StatusAnswer, StatusQuestion } from '../status.ts'
import { amountOf } from './amount.ts'
import { darajaOf } from './daraja.ts'
import { asAcknowledged, operatorPart } from './operator.ts'
import { readReceipt } from './receipt.ts'

/** Asks by Transaction Status: by M-Pesa code, or by the id of the request that made the transaction. */
export async function askStatus(
  context: Context,
  account: Account,
  { subject, ...asked }: StatusQuestion,
): Promise<Acknowledged | Refused | Unknown> {
  const outcome = await transactionStatus(darajaOf(context, account), {
    ...operatorPart(context, account, subject),
    shortcode: account.shortcode,
    ...('receipt' in asked ? { receipt: asked.receipt } : { originatorConversationId: asked.request_id }),
  })
  return asAcknowledged(outcome)
}

/**
 * Reads the result of Transaction Status; undefined when the body is none. That its result code is 0 says that the question was
 * answered: what became of the transaction is told by its status, and who was paid by its parties.
 */
export function readStatus(account: Account, { json }: Posted): StatusAnswer | undefined {
  const found = parseTransactionStatusResult(json)
  if (!found) return undefined
  const { resultCode, resultDescription } = found.result
  return {
    ...stateOf(found),
    direction: directionOf(account, found),
    provider_code: resultCode,
    message:
      resultCode === '0' && found.status
        ? `${found.status}: ${found.reasonType ?? 'transaction'}`
        : (describeBusinessResult('status', resultCode)?.meaning ?? resultDescription),
    receipt: readReceipt(found.receipt),
    ...amountOf(found.amount),
    at: found.finalisedAt ?? found.initiatedAt,
    payer: found.debitParty && payerOf(found.debitParty),
    request_id: found.originatorConversationId || undefined,
    conversation_id: found.conversationId || undefined,
    initiated_at: found.initiatedAt,
  }
}

const states = new Map(
  Object.entries<Pick<StatusAnswer, 'state'> & { failure_code?: FailureCode }>({
    completed: { state: 'completed' },
    cancelled: { state: 'failed', failure_code: 'cancelled_by_payer' },
    declined: { state: 'failed', failure_code: 'provider_error' },
    expired: { state: 'failed', failure_code: 'prompt_expired' },
    reversed: { state: 'reversed' },
  }),
)

function stateOf({ result, status }: TransactionStatusResult): Pick<StatusAnswer, 'state' | 'failure_code'> {
  return (result.resultCode === '0' && states.get(status?.toLowerCase() ?? '')) || {}
}

function directionOf(
  { shortcode, till }: Account,
  { debitParty, creditParty }: TransactionStatusResult,
): StatusAnswer['direction'] {
  const isOurs = (party: Party | undefined) => [shortcode, till].includes(party?.identifier ?? '')
  if (isOurs(creditParty)) return 'in'
  return isOurs(debitParty) ? 'out' : undefined
}

function payerOf({ identifier, name }: Party): StatusAnswer['payer'] {
  const phone = identifier === undefined ? undefined : parsePhone(identifier)
  return { ...(phone ? { phone } : { phone_masked: identifier }), name }
}
