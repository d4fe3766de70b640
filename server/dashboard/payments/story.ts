import type { Payment } from '../../payments/payment.ts'
import type { Refund } from '../../refunds/refund.ts'
import type { AttemptAt } from '../../webhooks/attempts-at.ts'
import type { EvidenceLine } from '../../evidence/list.ts'
import { formatKes } from '../../money.ts'
import { prose } from '../../web/html.ts'
import { code } from '../../web/parts/facts.ts'
import type { Step } from '../../web/parts/timeline.ts'
import { learnt } from '../learnt.ts'
import type { SignedIn } from '../signed-in.ts'
import { failureWords, reasonOf } from '../words.ts'

/** What is known of a payment, in the order in which it was learnt, and how. */
export function storyOf(
  payment: Payment,
  {
    signedIn,
    evidence,
    tellings,
    refunds,
  }: { signedIn: SignedIn; evidence: EvidenceLine[]; tellings: AttemptAt[]; refunds: Refund[] },
): Step[] {
  const steps: Step[] = [
    asked(payment),
    // What went back is told as the refund that it is.
    ...evidence
      .filter(({ effect }) => effect !== 'refunded' && effect !== 'reversed')
      .map((line) =>
        learnt(
          signedIn,
          { ...line, message: reasonOf(payment.provider, line) },
          { completed: 'Paid', failed: 'Not paid', provider: payment.provider },
        ),
      ),
    ...tellings.map(told),
    ...refunds.flatMap(went),
  ]
  return steps.sort((left, right) => left.at.getTime() - right.at.getTime())
}

const origins: Record<Payment['origin'], string> = {
  api: 'by your API',
  checkout: 'at the checkout, once more',
  invoice: 'for an invoice',
  link: 'at a payment link',
  c2b: 'by the payer alone, from the M-Pesa menu',
}

/** Whether it was asked for at the counter. */
export function isOfCounter({ idempotency_key }: Pick<Payment, 'idempotency_key'>): boolean {
  return idempotency_key?.startsWith('counter:') ?? false
}

function asked(payment: Payment): Step {
  const { origin, created_at, phone } = payment
  return {
    what: origin === 'c2b' ? 'Paid' : phone ? 'Asked for' : 'Made, with no phone yet',
    how: isOfCounter(payment) ? 'at the counter' : origins[origin],
    at: created_at,
  }
}

function told({ event_type, at, status, error, duration_ms }: AttemptAt): Step {
  const isGood = status !== null && status >= 200 && status < 300
  return {
    what: isGood ? 'Your shop was told' : 'Your shop could not be told',
    look: isGood ? 'good' : 'late',
    how: `${event_type} → ${status ?? 'no answer'} in ${duration_ms} ms`,
    at,
    ...(!isGood && error && { beside: error }),
  }
}

function went({
  status,
  amount_cents,
  created_at,
  completed_at,
  failed_at,
  reason,
  provider_receipt,
  origin,
  failure_code,
  failure_message,
}: Refund): Step[] {
  const how = prose(`KSh ${formatKes(amount_cents)}${reason ? ` · ${reason}` : ''}`)
  const begun: Step[] = origin === 'portal' ? [] : [{ what: 'Refund asked for', how, at: created_at }]
  if (status === 'completed')
    return [
      ...begun,
      {
        what: origin === 'portal' ? 'Went back, at M-Pesa’s portal' : 'Went back',
        look: 'good',
        how,
        at: completed_at!,
        ...(provider_receipt && { beside: code(provider_receipt) }),
      },
    ]
  if (status === 'failed')
    return [
      ...begun,
      {
        what: 'The refund did not go',
        look: 'bad',
        how: failure_message ?? failureWords(failure_code),
        at: failed_at ?? created_at,
      },
    ]
  return begun
}
