import { isProduction } from '../client.ts'
import type { Daraja } from '../client.ts'
import type { Reply } from './exchange.ts'
import { asText } from './json.ts'
import { isZero, judge } from './judge.ts'
import { lengthObjection, urlObjection, urlWordObjection } from './objections.ts'
import type { Objection } from './objections.ts'
import type { Outcome } from './outcome.ts'

/** What every request that an API operator makes has in common. Its answer only says that a result will come. */
export type Initiated = {
  /** The API operator's user name in the M-PESA organisation portal. */
  initiator: string
  /** The operator's password, encrypted: see `securityCredential`. */
  securityCredential: string
  /** Where the result is posted. */
  resultUrl: string
  /** Where it is posted that the request waited too long in M-PESA's queue. That is no failure: ask what became of it. */
  timeoutUrl: string
  /** Up to 100 characters. Defaults to `OK`. */
  remarks?: string
}

/** Safaricom took the request; what came of it is posted to the result URL with the same ids. */
export type Acknowledged = {
  /** Made by Safaricom, unless the request brought one. A result may carry another, so remember both ids. */
  originatorConversationId: string
  conversationId: string
  responseDescription: string
}

/** Judges the answer that all these APIs share: accepted is `ResponseCode` 0 with both ids. */
export function judgeAcknowledgement(reply: Reply): Outcome<Acknowledged> {
  return judge(reply, {
    accepted(json) {
      const originatorConversationId = asText(json['OriginatorConversationID'])
      const conversationId = asText(json['ConversationID'])
      if (!isZero(json['ResponseCode']) || !originatorConversationId || !conversationId) return undefined
      return {
        originatorConversationId,
        conversationId,
        responseDescription: asText(json['ResponseDescription']) ?? '',
      }
    },
  })
}

/** What Daraja refuses in the common part. */
export function initiatedObjections(daraja: Daraja, request: Initiated): Objection[] {
  const production = isProduction(daraja)
  return [
    request.initiator === '' ? 'The initiator is missing.' : undefined,
    request.securityCredential === '' ? 'The security credential is missing.' : undefined,
    lengthObjection('remarks', remarksOf(request), 2, 100),
    urlObjection('result URL', request.resultUrl, production),
    urlWordObjection('result URL', request.resultUrl),
    urlObjection('timeout URL', request.timeoutUrl, production),
    urlWordObjection('timeout URL', request.timeoutUrl),
  ]
}

export function remarksOf(request: Initiated): string {
  return request.remarks ?? 'OK'
}

/** How Daraja numbers the kinds of parties. */
export const IDENTIFIER_TYPES = { msisdn: '1', till: '2', shortcode: '4', reversal: '11' } as const
