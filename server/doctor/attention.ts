import type { Kind } from '../attention/source.ts'
import type { Context } from '../context.ts'
import { finding } from './finding.ts'
import type { Finding } from './finding.ts'
import { countWaiting } from './waiting.ts'

const words: Record<Kind, string> = {
  payment: 'payments that are flagged',
  refund: 'refunds that are flagged',
  payout: 'payouts that are flagged',
  outside_payment: 'payments made elsewhere that wait for a second person',
  money_in: 'receipts of money that no payment explains',
  callback: 'callbacks that are kept with a problem',
  stray: 'callbacks without a valid token that tell of money',
  run: 'reconciliation runs that disagree',
}

const countMax = 1_000

/** Counts what is kept and waits for a person, of all merchants: some of it may be money. */
export async function examineAttention(context: Context): Promise<Finding> {
  const waiting = await countWaiting(context, countMax)
  const found = finding(
    'nothing that may be money is kept and waits for a person',
    'GET /v1/attention lists each of them with what can be done, and POST /v1/attention/{id}/resolve takes a note of what came of it.',
    [],
    sum(waiting),
  )
  // The kinds are few, and none may be hidden behind the others.
  const examples = waiting
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${words[kind]}: ${count}${count >= countMax ? ' or more' : ''}`)
  return { ...found, examples }
}

function sum(counts: { count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0)
}
