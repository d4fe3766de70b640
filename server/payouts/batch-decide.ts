import type { Context } from '../context.ts'
import { again } from '../database/collision.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { accountOf } from '../accounts/find.ts'
import { writeAudit } from '../access/audit.ts'
import { requireConfirmed } from '../access/owner.ts'
import { requireSecondPerson } from '../access/second-person.ts'
import { Problem } from '../problem.ts'
import { providerOf } from '../providers/provider-of.ts'
import { wakeWaiting } from '../evidence/wake.ts'
import { findBatch } from './batch.ts'
import type { Batch, BatchName, BatchRow } from './batch.ts'
import { limitsOf } from './limit.ts'
import type { Payout } from './payout.ts'
import { settlement } from './settlement.ts'

/**
 * Approves a batch that waits: from now on its payouts are sent, one after the other.
 * @throws a Problem when it no longer waits, or when whoever asks is the person who made it.
 */
export async function approveBatch(context: Context, name: BatchName): Promise<Batch> {
  requireConfirmed(context)
  const found = await findBatch(context, name)
  const account = await accountOf(context, found)
  const now = context.clock.now()
  await context.database.transaction(async (transaction) => {
    const batch = await lockWaiting(transaction, found)
    requireSecondPerson(context, batch)
    await limitsOf(transaction, batch.merchant_id)
    for (const payout of await payoutsOf(transaction, batch))
      providerOf(context, batch).payouts?.refuse(account, payout)
    await decide(context, transaction, batch, { decision: 'approved' })
    await transaction.query(sql`
      update payouts set status = 'created', send_at = ${now}, updated_at = ${now}
      where merchant_id = ${batch.merchant_id} and batch_id = ${batch.id}`)
  })
  context.signals.wake('payouts to send')
  return findBatch(context, found)
}

/**
 * Rejects a batch that waits: each of its payouts fails, nothing was sent, and the limit of its day has it all back. Whoever made
 * it may take it back so.
 * @throws a Problem when it no longer waits.
 */
export async function rejectBatch(context: Context, name: BatchName, reason?: string): Promise<Batch> {
  const found = await findBatch(context, name)
  const at = context.clock.now()
  const message = reason ?? 'The batch was not approved. Nothing was sent.'
  const said = { source: 'operator', verdict: 'failure', failure_code: 'rejected', message } as const
  const failed = await again(context, () =>
    context.database.transaction(async (transaction) => {
      const batch = await lockWaiting(transaction, found)
      await decide(context, transaction, batch, { decision: 'rejected', reason })
      const payouts = await payoutsOf(transaction, batch)
      const facts = payouts.map(({ merchant_id, id: payout_id }) => ({
        evidence: { ...said, id: newId(at), merchant_id, payout_id, at },
        repeats: [],
      }))
      await transaction.query(settlement(context, facts))
      return payouts
    }),
  )
  wakeWaiting(
    context,
    failed.map(({ id }) => ({ effect: 'failed', subject_id: id })),
  )
  return findBatch(context, found)
}

/** The batch, held until the end of the transaction, so that it is decided once. */
async function lockWaiting(transaction: Transaction, { merchant_id, id }: BatchRow): Promise<BatchRow> {
  const batch = await transaction.one<BatchRow>(
    sql`select * from payout_batches where merchant_id = ${merchant_id} and id = ${id} for update`,
  )
  if (batch.decision === null) return batch
  const message = { said: `This batch was ${batch.decision} already.`, byApi: `That was done by ${batch.decided_by}.` }
  throw new Problem('conflict', message, 'id')
}

function payoutsOf(transaction: Transaction, { merchant_id, id }: BatchRow): Promise<Payout[]> {
  return transaction.query<Payout>(
    sql`select * from payouts where merchant_id = ${merchant_id} and batch_id = ${id} order by id`,
  )
}

async function decide(
  context: Context,
  transaction: Transaction,
  { merchant_id, id }: BatchRow,
  { decision, reason }: { decision: 'approved' | 'rejected'; reason?: string },
): Promise<void> {
  await transaction.query(sql`
    update payout_batches set decision = ${decision}, decided_by = ${context.actor}, decided_at = ${context.clock.now()}, reason = ${reason ?? null}
    where merchant_id = ${merchant_id} and id = ${id}`)
  await writeAudit(transaction, context, {
    merchant_id,
    action: `payout_batch.${decision}`,
    subject: showId('bat', id),
    details: reason === undefined ? {} : { reason },
  })
}
