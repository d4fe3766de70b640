import type { Context } from '../context.ts'
import { newId } from '../id.ts'
import type { Account } from '../accounts/account.ts'
import { accountOf } from '../accounts/find.ts'
import { keepOutcome } from '../evidence/outcome.ts'
import type { Accepted, Refused, Unknown } from '../providers/outcome.ts'
import { providerOf } from '../providers/provider-of.ts'
import { firstCheckAt } from '../evidence/intervals.ts'
import type { PaymentEvidence } from './evidence.ts'
import type { Payment } from './payment.ts'
import { settlePayment } from './settle.ts'
import { windowEnd } from './window.ts'

type Outcome = Accepted | Refused | Unknown

/**
 * Asks the provider to collect a payment whose intent is committed, and keeps what it answered.
 * Never asks twice: after an unknown outcome the payment lives by its callback, by checks and by reconciliation; or, where the
 * provider knows the same request again, by `requestPaymentAgain`.
 */
export async function requestPayment(context: Context, account: Account, payment: Payment): Promise<void> {
  const { request, requestAgain } = providerOf(context, payment).payments
  const outcome = await request(context, account, payment)
  const at = context.clock.now()
  await keepOutcome(context, settlePayment, {
    ...ackOf(context, payment, outcome),
    check_at: outcome.kind === 'accepted' || requestAgain ? firstCheckAt(at) : windowEnd(context, payment),
    ...(outcome.kind === 'refused' && {
      verdict: 'failure',
      failure_code: 'refused',
      provider_code: outcome.code,
    }),
  })
}

/**
 * Asks once more for what nobody knows to have arrived: the very same request, of the payer whom it was first made for. It fails
 * nothing, for the first request may have been taken.
 */
export async function requestPaymentAgain(context: Context, payment: Payment): Promise<void> {
  const { requestAgain } = providerOf(context, payment).payments
  if (!requestAgain) return
  const outcome = await requestAgain(context, await accountOf(context, payment), payment)
  const { provider_outcome, ...ack } = ackOf(context, payment, outcome)
  const evidence = outcome.kind === 'refused' ? ack : { ...ack, provider_outcome }
  await keepOutcome(context, settlePayment, evidence)
}

/** What an outcome teaches. */
function ackOf(context: Context, { merchant_id, id: payment_id }: Payment, outcome: Outcome): PaymentEvidence {
  const at = context.clock.now()
  return {
    id: newId(at),
    merchant_id,
    payment_id,
    source: 'ack',
    at,
    verdict: null,
    provider_outcome: outcome.kind,
    ...(outcome.kind === 'accepted'
      ? {
          provider_ref: outcome.provider_ref,
          merchant_request_id: outcome.merchant_request_id,
          checkout_url: outcome.checkout_url,
          commission_cents: outcome.commission_cents,
        }
      : { message: outcome.message }),
    raw: outcome.raw === undefined ? undefined : Buffer.from(outcome.raw),
  }
}
