import { parseBalances } from './balances.ts'
import type { Balance } from './balances.ts'
import type { Daraja } from './client.ts'
import { IDENTIFIER_TYPES, initiatedObjections, judgeAcknowledgement, remarksOf } from './core/initiated.ts'
import type { Acknowledged, Initiated } from './core/initiated.ts'
import { refuseLocally, shortcodeObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { parseResult, textOf, timeOf } from './result.ts'
import type { Result } from './result.ts'

export type AccountBalanceQuery = Initiated & {
  shortcode: string
  /** What kind of number that is. Defaults to `shortcode`, the only one on today's portal. */
  identifierType?: 'msisdn' | 'till' | 'shortcode'
}

/**
 * Asks what the accounts of a short code hold (`POST /mpesa/accountbalance/v1/query`). Accepted means that the answer comes to
 * the result URL; read it with `parseAccountBalanceResult`. Never throws, moves no money.
 *
 * @example
 * await accountBalance(daraja, {
 *   initiator: 'testapi', securityCredential, shortcode: '600000',
 *   resultUrl: 'https://shop.example/in/1f2e', timeoutUrl: 'https://shop.example/in/1f2e/timeout',
 * })
 */
export async function accountBalance(
  daraja: Daraja,
  query: AccountBalanceQuery,
  options: SendOptions = {},
): Promise<Outcome<Acknowledged>> {
  const { identifierType = 'shortcode' } = query
  const objection = identifierType === 'msisdn' ? undefined : shortcodeObjection('short code', query.shortcode)
  const refusal = refuseLocally([...initiatedObjections(daraja, query), objection], options)
  if (refusal) return refusal
  const reply = await post(daraja, '/mpesa/accountbalance/v1/query', {
    Initiator: query.initiator,
    SecurityCredential: query.securityCredential,
    CommandID: 'AccountBalance',
    PartyA: query.shortcode,
    IdentifierType: IDENTIFIER_TYPES[identifierType],
    Remarks: remarksOf(query),
    QueueTimeOutURL: query.timeoutUrl,
    ResultURL: query.resultUrl,
  })
  return judgeAcknowledgement(reply)
}

/** What the result of a balance query says. */
export type AccountBalanceResult = {
  result: Result
  /** `undefined` for a failure, and for a balance string that cannot be read. */
  accounts: readonly Balance[] | undefined
  /** When M-PESA drew up the balance. */
  completedAt: Date | undefined
}

/** Reads the result of a balance query. `undefined` for what is no result at all. */
export function parseAccountBalanceResult(body: unknown): AccountBalanceResult | undefined {
  const result = parseResult(body)
  if (!result) return undefined
  const text = textOf(result, 'AccountBalance')
  return {
    result,
    accounts: text === undefined ? undefined : parseBalances(text),
    completedAt: timeOf(result, 'BOCompletedTime'),
  }
}
