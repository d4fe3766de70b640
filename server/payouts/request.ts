import type { Context } from '../context.ts'
import { newId } from '../id.ts'
import type { Account } from '../accounts/account.ts'
import { firstCheckAt } from '../evidence/intervals.ts'
import { keepOutcome } from '../evidence/outcome.ts'
import { providerOf } from '../providers/provider-of.ts'
import type { Payout } from './payout.ts'
import { settlePayout } from './settle.ts'

/**
 * Asks the provider for a payout whose intent is committed, and keeps what it answered. Called once in a payout's life: after
 * an unknown outcome it lives by its callback, by checks and by statements.
 */
export async function requestPayout(context: Context, account: Account, payout: Payout): Promise<void> {
  const outcome = await providerOf(context, payout).payouts!.request(context, account, payout)
  const at = context.clock.now()
  await keepOutcome(context, settlePayout, {
    id: newId(at),
    merchant_id: payout.merchant_id,
    payout_id: payout.id,
    source: 'ack',
    at,
    verdict: outcome.kind === 'refused' ? 'failure' : null,
    provider_outcome: outcome.kind,
    message: outcome.message,
    check_at: firstCheckAt(at),
    ...(outcome.kind === 'accepted' && {
      conversation_id: outcome.conversation_id,
      originator_conversation_id: outcome.originator_conversation_id,
    }),
    ...(outcome.kind === 'refused' && { failure_code: 'refused', provider_code: outcome.code }),
    raw: outcome.raw === undefined ? undefined : Buffer.from(outcome.raw),
  })
}
