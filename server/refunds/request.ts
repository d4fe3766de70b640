import type { Context } from '../context.ts'
import { newId } from '../id.ts'
import type { Account } from '../accounts/account.ts'
import { firstCheckAt } from '../evidence/intervals.ts'
import { keepOutcome } from '../evidence/outcome.ts'
import { providerOf } from '../providers/provider-of.ts'
import type { Refund } from './refund.ts'
import { settleRefund } from './settle.ts'

/** Asks the provider for a refund whose intent is committed, and keeps what it answered. Never asks twice. */
export async function requestRefund(context: Context, account: Account, refund: Refund): Promise<void> {
  const outcome = await providerOf(context, refund).refunds!.request(context, account, refund)
  const at = context.clock.now()
  await keepOutcome(context, settleRefund, {
    id: newId(at),
    merchant_id: refund.merchant_id,
    refund_id: refund.id,
    source: 'ack',
    at,
    verdict: outcome.kind === 'refused' ? 'failure' : null,
    provider_outcome: outcome.kind,
    message: outcome.message,
    ...(outcome.kind === 'accepted' && {
      check_at: firstCheckAt(at),
      conversation_id: outcome.conversation_id,
      originator_conversation_id: outcome.originator_conversation_id,
    }),
    ...(outcome.kind === 'refused' && { failure_code: 'refused', provider_code: outcome.code }),
    raw: outcome.raw === undefined ? undefined : Buffer.from(outcome.raw),
  })
}
