import type { Context } from '../context.ts'
import { again } from './collision.ts'
import { isRefusal } from './outage.ts'

/** How one statement settles many facts. */
export type Statement<Fact, Row> = {
  run(facts: Fact[]): Promise<Row[]>
  /** Keeps a fact that PostgreSQL refuses even alone, for a person. */
  setAside(fact: Fact, error: Error): Promise<Row[]>
}

const attemptsMax = 5

/**
 * Runs one statement for all facts, and answers its rows. No bad fact fails the others: a statement that PostgreSQL refuses is
 * run for each half of them, until the bad one stands alone.
 * @throws only when the database cannot be reached; then nothing of what failed was stored.
 */
export async function settleByHalves<Fact, Row>(
  context: Context,
  facts: Fact[],
  statement: Statement<Fact, Row>,
  attempt = 1,
): Promise<Row[]> {
  try {
    return await again(context, () => statement.run(facts))
  } catch (error) {
    if (!isRefusal(error)) throw error
    // At this very moment another node gave a receipt to something else: the second look finds it used.
    if (isTaken(error) && attempt < attemptsMax) return settleByHalves(context, facts, statement, attempt + 1)
    if (facts.length === 1) return statement.setAside(facts[0]!, error as Error)
    const middle = facts.length >> 1
    return [
      ...(await settleByHalves(context, facts.slice(0, middle), statement)),
      ...(await settleByHalves(context, facts.slice(middle), statement)),
    ]
  }
}

function isTaken(error: unknown): boolean {
  return (error as { code: string }).code === '23505'
}
