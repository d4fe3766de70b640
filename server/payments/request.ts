import type { Context } from '../context.ts'
import { newId } from '../id.ts'
import type { Account } from '../accounts/account.ts'
import { keepOutcome } from '../evidence/outcome.ts'
import { providerOf } from '../providers/provider-of.ts'
import { firstCheckAt } from '../evidence/intervals.ts'
import { windowEnd } from './check.ts'
import type { Payment } from './payment.ts'
import { settlePayment } from './settle.ts'

/**
 * Asks the provider to collect a payment whose intent is committed, and keeps what it answered.
 * Never asks twice: after an unknown outcome the payment lives by its callback, by checks and by reconciliation.
 */
export async function requestPayment(context: Context, account: Account, payment: Payment): Promise<void> {
  const outcome = await providerOf(context, payment).payments.request(context, account, payment)
  const at = context.clock.now()
  await keepOutcome(context, settlePayment, {
    id: newId(at),
    merchant_id: payment.merchant_id,
    payment_id: payment.id,
    source: 'ack',
    at,
    verdict: outcome.kind === 'refused' ? 'failure' : null,
    provider_outcome: outcome.kind,
    ...(outcome.kind === 'accepted'
      ? {
          provider_ref: outcome.provider_ref,
          merchant_request_id: outcome.merchant_request_id,
          check_at: firstCheckAt(at),
        }
      : { message: outcome.message, check_at: windowEnd(payment) }),
    ...(outcome.kind === 'refused' && { failure_code: 'refused', provider_code: outcome.code }),
    raw: outcome.raw === undefined ? undefined : Buffer.from(outcome.raw),
  })
}
