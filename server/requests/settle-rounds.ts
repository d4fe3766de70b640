import { storeCallbacks } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { again } from '../database/again.ts'
import { isRefusal } from '../database/away.ts'
import { dealRounds } from '../database/rounds.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Callback } from '../payments/evidence.ts'

/** What evidence about any request to the provider has in common. */
export type Learnt = {
  id: string
  merchant_id: string
  at: Date
  verdict: 'success' | 'failure' | null
  receipt?: string
  callback?: Callback
}

/** What one piece of evidence did to its subject. */
export type Settled = { id: string; effect: string }

/** How one kind of request is settled. */
export type Settling<Evidence extends Learnt, Row extends Settled> = {
  table: 'refunds' | 'payouts'
  subjectOf(evidence: Evidence): string
  /** The one statement that settles a round: no two facts in it concern the same subject or receipt. */
  settlement(round: Evidence[]): Sql
  /** Called with what was settled, after the commit. */
  told(rows: Row[]): void
}

const attemptsMax = 3

/**
 * Settles a batch round by round, each in one statement, and answers what every piece did, in order. Success goes before
 * failure, so that a batch with both makes no false alarm, and each round is in the order of the ids, so that concurrent batches
 * lock in one order. No bad row can fail the others: a statement that PostgreSQL refuses is halved until the bad fact stands
 * alone, and that is set aside for a person.
 * @throws only when the database cannot be reached; then nothing of the round was stored.
 */
export async function settleInRounds<Evidence extends Learnt, Row extends Settled>(
  context: Context,
  batch: Evidence[],
  settling: Settling<Evidence, Row>,
): Promise<(Row['effect'] | 'set_aside')[]> {
  const effects = new Map<string, Row['effect'] | 'set_aside'>()
  const nameOf = (evidence: Evidence) => evidence.merchant_id + settling.subjectOf(evidence)

  async function settleRound(round: Evidence[], attempt = 1): Promise<void> {
    try {
      const rows = await again(context, () => context.database.query<Row>(settling.settlement(round)))
      for (const { id, effect } of rows) effects.set(id, effect)
      settling.told(rows)
    } catch (error) {
      if (!isRefusal(error)) throw error
      // At this very moment another node gave the receipt to another one: the second look finds it used.
      const isTaken = (error as { code: string }).code === '23505'
      if (isTaken && attempt < attemptsMax) return settleRound(round, attempt + 1)
      if (round.length === 1) return setAside(round[0]!, error as Error)
      const middle = round.length >> 1
      await settleRound(round.slice(0, middle))
      await settleRound(round.slice(middle))
    }
  }

  async function setAside(evidence: Evidence, error: Error): Promise<void> {
    const { id, merchant_id, at, callback } = evidence
    context.log.error(
      { error, [settling.table]: settling.subjectOf(evidence) },
      'Evidence that cannot be stored was set aside.',
    )
    effects.set(id, 'set_aside')
    if (callback) await storeCallbacks(context, [{ ...callback, problem: error.message }])
    await context.database.query(sql`
      update ${raw(settling.table)} set needs_attention = coalesce(needs_attention, 'unreadable_evidence'), updated_at = ${at}
      where merchant_id = ${merchant_id} and id = ${settling.subjectOf(evidence)}`)
  }

  const successFirst = batch.toSorted((left, right) => rank(left) - rank(right))
  const namesOf = (evidence: Evidence) => [nameOf(evidence), ...(evidence.receipt ? [evidence.receipt] : [])]
  for (const round of dealRounds(successFirst, namesOf))
    await settleRound(round.toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1)))
  return batch.map(({ id }) => effects.get(id)!)
}

function rank({ verdict }: Learnt): number {
  return verdict === 'success' ? 0 : verdict === 'failure' ? 1 : 2
}
