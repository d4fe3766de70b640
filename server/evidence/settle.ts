import { storeCallbacks } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { settleByHalves } from '../database/halves.ts'
import type { Statement } from '../database/halves.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql, Transaction } from '../database/sql.ts'
import { showing, withReason } from './attention.ts'
import { callbacksOf } from './evidence.ts'
import type { Evidence, Fact, Noun } from './evidence.ts'
import { isRepeat, partRepeated } from './repeated.ts'
import { rounds } from './rounds.ts'
import type { Naming } from './rounds.ts'
import { wakeWaiting } from './wake.ts'

/** How one noun is settled. */
export type Settling<Learnt extends Evidence, Row = object> = Naming<Learnt> & {
  noun: Noun
  /** The one statement that settles a round: no two facts in it concern the same subject or receipt. It answers what each did. */
  settlement(context: Context, round: Fact<Learnt>[]): Sql
  /** What follows from a round, of the rows that it answered, and is committed with it. */
  withIt?(context: Context, transaction: Transaction, settled: (Settled<string> & Row)[]): Promise<void>
  /** What can only be seen once a round is committed, of the rows that it answered. */
  after?(context: Context, settled: Row[]): Promise<void>
}

/** What one piece of evidence did, and to what. */
export type Settled<Effect> = { id: string; effect: Effect; subject_id: string; payment_id?: string | null }

/**
 * Settles a batch round by round, each in one statement, and answers what every piece did, in order. No bad row can fail the
 * others: a statement that PostgreSQL refuses is halved until the bad fact stands alone, and that is set aside for a person.
 * Evidence that is stored already does nothing more, and answers what it did then.
 * @throws only when the database cannot be reached; then nothing of the round was stored.
 */
export async function settleEvidence<Learnt extends Evidence, Effect extends string, Row = object>(
  context: Context,
  batch: Learnt[],
  settling: Settling<Learnt, Row>,
): Promise<(Effect | 'set_aside')[]> {
  const settle = async (round: Fact<Learnt>[]) => {
    const statement = settling.settlement(context, round)
    const settled = settling.withIt
      ? await context.database.transaction(async (transaction) => {
          const rows = await transaction.query<Settled<Effect> & Row>(statement)
          await settling.withIt!(context, transaction, rows)
          return rows
        })
      : await context.database.query<Settled<Effect> & Row>(statement)
    wakeWaiting(context, settled)
    await settling.after?.(context, settled)
    return settled
  }
  const statement: Statement<Fact<Learnt>, { id: string; effect: Effect | 'set_aside' }> = {
    run: (round) =>
      settle(round).catch(async (error: unknown) => {
        if (!isRepeat(error)) throw error
        const { stored, fresh } = await partRepeated(context, round)
        const settled = fresh.length > 0 ? await settle(fresh) : []
        return [...(stored as { id: string; effect: Effect }[]), ...settled]
      }),
    setAside: (fact, error) => setAside(context, settling, { fact, error }),
  }
  const effects = new Map<string, Effect | 'set_aside'>()
  const distinct = [...new Map(batch.map((evidence) => [evidence.id, evidence])).values()]
  for (const round of rounds(distinct, settling))
    for (const { id, effect } of await settleByHalves(context, round, statement)) effects.set(id, effect)
  for (const merchant of new Set(distinct.map(({ merchant_id }) => merchant_id))) context.signals.changed(merchant)
  return batch.map(({ id }) => effects.get(id)!)
}

/** What exactly was wrong, the log says: a database's words may hold whatever the body held. */
const couldNotBeStored = 'What it says could not be stored; the log of this moment has the reason.'

/** Keeps the bodies of what cannot be stored with the rest, and shows its subject to a person. */
async function setAside<Learnt extends Evidence>(
  context: Context,
  { noun, subjectOf }: Pick<Settling<Learnt>, 'noun' | 'subjectOf'>,
  { fact, error }: { fact: Fact<Learnt>; error: Error },
): Promise<{ id: string; effect: 'set_aside' }[]> {
  const { evidence, repeats } = fact
  const subject_id = subjectOf(evidence)
  // What a provider says is no failure of ours; a person is shown it.
  context.log.warn({ error, [`${noun}_id`]: subject_id }, 'Evidence that cannot be stored was set aside.')
  for (const callback of callbacksOf([fact]))
    await storeCallbacks(context, [{ ...callback, problem: couldNotBeStored }])
  await context.database.query(sql`
    update ${raw(`${noun}s`)} s ${showing('s', withReason('s', sql`'unreadable_evidence'`), evidence.at)}
    where s.merchant_id = ${evidence.merchant_id} and s.id = ${subject_id}`)
  return [evidence, ...repeats].map(({ id }) => ({ id, effect: 'set_aside' }))
}
