import { parseResult } from '@lango/daraja'
import type { Acknowledged as Taken, Outcome } from '@lango/daraja'
import { callbackUrl } from '../../callback-url.ts'
import type { Context } from '../../context.ts'
import { mpesaCredentials } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'
import { Problem } from '../../problem.ts'
import type { Subject } from '../../token.ts'
import type { Acknowledged, Refused, Unknown } from '../outcome.ts'
import type { Posted } from '../posted.ts'
import { notAccepted } from './outcome.ts'

/** True where an account has an API operator: without one M-Pesa gives nothing back, pays nobody and answers no questions. */
export function hasOperator(account: Account): boolean {
  const { initiator, security_credential } = mpesaCredentials(account)
  return Boolean(initiator && security_credential)
}

/** @throws a Problem when an account has no API operator. */
export function refuseWithoutOperator(account: Account): void {
  if (hasOperator(account)) return
  throw new Problem('operator_required', {
    said: 'This needs an API operator: make one in the M-PESA organisation portal, and set it at the account.',
    byApi: 'That is "initiator" and "security_credential" of PUT /v1/merchant/providers/mpesa.',
  })
}

/** What every request of an API operator carries: who asks, and where the outcome is posted. */
export function operatorPart(context: Context, account: Account, about: Subject) {
  const subject = { ...about, provider: 'mpesa' } as const
  refuseWithoutOperator(account)
  const { initiator, security_credential, result_url, timeout_url } = mpesaCredentials(account)
  return {
    initiator: initiator!,
    securityCredential: security_credential!,
    resultUrl: callbackUrl(context, subject, result_url),
    timeoutUrl: callbackUrl(context, subject, timeout_url, 'timeout'),
  }
}

/** How an operator's request ended, for now: taken, refused, or nobody knows. */
export function asAcknowledged(outcome: Outcome<Taken>): Acknowledged | Refused | Unknown {
  if (outcome.kind !== 'accepted') return notAccepted(outcome)
  return {
    kind: 'accepted',
    originator_conversation_id: outcome.originatorConversationId,
    conversation_id: outcome.conversationId,
    message: outcome.responseDescription,
    raw: outcome.raw,
  }
}

/** The ConversationID of the request that a result answers; undefined when the body is no result. */
export function readRequestId({ json }: Posted): string | undefined {
  return parseResult(json)?.conversationId
}

/**
 * True for what M-PESA posts when a request waited too long in its queue. Safaricom publishes no sample; by reports it has the
 * envelope of a failure with code 1, so that beside the address it is known by its words alone.
 */
export function isTimeout({ json }: Posted): boolean {
  return /\btimed?[ -]?out\b/i.test(parseResult(json)?.resultDescription ?? '')
}

const remarksLength = 100

/** What a request says of itself. Symbols make Safaricom drop it without a word, and a remark has at least two characters. */
export function remarks(text: string | null, otherwise: string): string {
  const harmless = (text ?? '')
    .replace(/[^A-Za-z0-9 .-]/g, '')
    .trim()
    .slice(0, remarksLength)
    .trim()
  return harmless.length >= 2 ? harmless : otherwise
}
