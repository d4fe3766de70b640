import { storeCallbacks } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { settleByHalves } from '../database/halves.ts'
import type { Statement } from '../database/halves.ts'
import { dealRounds } from '../database/rounds.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Callback } from '../callbacks/callback.ts'

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

type Told<Row extends Settled> = { id: string; effect: Row['effect'] | 'set_aside' }

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

  const statement: Statement<Evidence, Told<Row>> = {
    async run(round) {
      const rows = await context.database.query<Row>(settling.settlement(round))
      settling.told(rows)
      return rows
    },
    async setAside(evidence, error) {
      const { id, merchant_id, at, callback } = evidence
      context.log.error(
        { error, [settling.table]: settling.subjectOf(evidence) },
        'Evidence that cannot be stored was set aside.',
      )
      if (callback) await storeCallbacks(context, [{ ...callback, problem: error.message }])
      await context.database.query(sql`
        update ${raw(settling.table)} set needs_attention = coalesce(needs_attention, 'unreadable_evidence'), updated_at = ${at}
        where merchant_id = ${merchant_id} and id = ${settling.subjectOf(evidence)}`)
      return [{ id, effect: 'set_aside' }]
    },
  }

  const successFirst = batch.toSorted((left, right) => rank(left) - rank(right))
  const namesOf = (evidence: Evidence) => [nameOf(evidence), ...(evidence.receipt ? [evidence.receipt] : [])]
  for (const round of dealRounds(successFirst, namesOf)) {
    const sorted = round.toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1))
    for (const { id, effect } of await settleByHalves(context, sorted, statement)) effects.set(id, effect)
  }
  return batch.map(({ id }) => effects.get(id)!)
}

function rank({ verdict }: Learnt): number {
  return verdict === 'success' ? 0 : verdict === 'failure' ? 1 : 2
}
