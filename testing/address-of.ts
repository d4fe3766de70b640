import { toUuid } from '../server/id.ts'
import { makeToken } from '../server/token.ts'
import type { TokenKind } from '../server/token.ts'
import type { Story } from './story.ts'

/** The path at which M-Pesa was told to post about a payment, refund, payout or account, by the id that the outside sees. */
export function addressOf({ context, merchant }: Story, kind: TokenKind, shownId: string): string {
  const subject_id = toUuid(shownId.slice(shownId.indexOf('_') + 1))
  const subject = { provider: 'mpesa', kind, merchant_id: merchant.id, subject_id } as const
  return `/v1/in/${makeToken(context.config.secretKeys, subject)}`
}
