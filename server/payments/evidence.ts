import type { Doubt } from '../callbacks/arrival.ts'
import type { Callback } from '../callbacks/callback.ts'
import type { FailureCode } from '../providers/finding.ts'
import { dealRounds } from '../database/rounds.ts'

export type EvidenceSource = 'ack' | 'callback' | 'query' | 'status' | 'pull' | 'statement' | 'operator'

/** One fact learnt about a payment. Only what `verdict` says can change its status; the rest informs. */
export type PaymentEvidence = {
  id: string
  merchant_id: string
  payment_id: string
  source: EvidenceSource
  at: Date
  /** Null: nothing is known yet, or the source is not trusted to say. */
  verdict: 'success' | 'failure' | null
  failure_code?: FailureCode
  message?: string
  provider_code?: string
  receipt?: string
  amount_cents?: number
  paid_at?: Date
  provider_ref?: string
  merchant_request_id?: string
  provider_outcome?: 'accepted' | 'refused' | 'unknown'
  /** Why it is worth a check and no more, in spite of its token. */
  doubt?: Doubt
  /** When to ask the provider next, should this evidence leave the payment open. */
  check_at?: Date
  /** The provider's body: a callback is a row of its own, anything else is kept with the evidence. */
  callback?: Callback
  /** Where the provider's body is stored already. */
  callback_id?: string
  raw?: Buffer
}

/** Evidence in the company of those that say the very same. */
export type Fact = { evidence: PaymentEvidence; repeats: PaymentEvidence[] }

/**
 * Sorts a batch into rounds that a single statement each can settle: in one round a payment and a receipt occur at most once,
 * because an update joined to two rows of one payment applies the first and silently drops the other.
 * What says the very same is folded into one fact; success goes before failure, so that a batch with both makes no false alarm;
 * and each round is in the order of the ids, so that concurrent batches lock in one order.
 */
export function rounds(batch: PaymentEvidence[]): Fact[][] {
  const facts = new Map<string, Fact>()
  for (const evidence of batch) {
    const key = sameness(evidence)
    const fact = facts.get(key)
    if (fact) fact.repeats.push(evidence)
    else facts.set(key, { evidence, repeats: [] })
  }
  const settleFirst = [...facts.values()].sort((left, right) => rank(left.evidence) - rank(right.evidence))
  const namesOf = ({ evidence }: Fact) => [evidence.payment_id, ...(evidence.receipt ? [evidence.receipt] : [])]
  return dealRounds(settleFirst, namesOf).map((round) => round.sort(byPayment))
}

function sameness(evidence: PaymentEvidence): string {
  const { payment_id, source, verdict, receipt, amount_cents, provider_ref, provider_code, provider_outcome, doubt } =
    evidence
  return [
    payment_id,
    source,
    verdict,
    receipt,
    amount_cents,
    provider_ref,
    provider_code,
    provider_outcome,
    doubt,
  ].join(' ')
}

function rank({ verdict }: PaymentEvidence): number {
  return verdict === 'success' ? 0 : verdict === 'failure' ? 1 : 2
}

function byPayment(left: Fact, right: Fact): number {
  const [a, b] = [
    left.evidence.merchant_id + left.evidence.payment_id,
    right.evidence.merchant_id + right.evidence.payment_id,
  ]
  return a < b ? -1 : a > b ? 1 : 0
}
