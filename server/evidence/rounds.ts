import { dealRounds } from '../database/rounds.ts'
import type { Evidence, Fact } from './evidence.ts'

/** How the evidence of one noun is told apart. */
export type Naming<Learnt extends Evidence> = {
  subjectOf(evidence: Learnt): string
  /**
   * What must be the same where two pieces say the very same: they are folded into one fact. Without it each is settled by
   * itself, in a round of its own.
   */
  sameness?(evidence: Learnt): unknown[]
}

/**
 * Sorts a batch into rounds that a single statement each can settle: in one round a subject and a receipt occur at most once,
 * because an update joined to two rows of one subject applies the first and silently drops the other.
 * Success goes before failure, so that a batch with both makes no false alarm; and each round is in the order of the ids, so that
 * concurrent batches lock in one order.
 */
export function rounds<Learnt extends Evidence>(batch: Learnt[], naming: Naming<Learnt>): Fact<Learnt>[][] {
  const isBefore = ({ evidence: left }: Fact<Learnt>, { evidence: right }: Fact<Learnt>) =>
    left.merchant_id === right.merchant_id
      ? naming.subjectOf(left) < naming.subjectOf(right)
      : left.merchant_id < right.merchant_id
  const namesOf = ({ evidence }: Fact<Learnt>) => [
    naming.subjectOf(evidence),
    ...(evidence.receipt ? [evidence.receipt] : []),
  ]
  const successFirst = fold(batch, naming).sort((left, right) => rank(left) - rank(right))
  return dealRounds(successFirst, namesOf).map((round) => round.sort((left, right) => (isBefore(left, right) ? -1 : 1)))
}

function fold<Learnt extends Evidence>(batch: Learnt[], { sameness }: Naming<Learnt>): Fact<Learnt>[] {
  if (!sameness) return batch.map((evidence) => ({ evidence, repeats: [] }))
  const facts = new Map<string, Fact<Learnt>>()
  for (const evidence of batch) {
    const key = sameness(evidence).join(' ')
    const fact = facts.get(key)
    if (fact) fact.repeats.push(evidence)
    else facts.set(key, { evidence, repeats: [] })
  }
  return [...facts.values()]
}

function rank({ evidence: { verdict } }: Fact<Evidence>): number {
  return verdict === 'success' ? 0 : verdict === 'failure' ? 1 : 2
}
