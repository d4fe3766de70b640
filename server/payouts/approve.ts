import type { Context } from '../context.ts'
import { again } from '../database/collision.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { accountOf } from '../accounts/find.ts'
import { writeAudit } from '../access/audit.ts'
import { requireConfirmed } from '../access/owner.ts'
import { requireSecondPerson } from '../access/second-person.ts'
import { Problem } from '../problem.ts'
import { providerOf } from '../providers/provider-of.ts'
import { outcomeDueAt } from '../evidence/intervals.ts'
import { wakeWaiting } from '../evidence/wake.ts'
import { findPayout } from './find.ts'
import type { PayoutName } from './find.ts'
import { limitsOf } from './limit.ts'
import type { Payout } from './payout.ts'
import { requestPayout } from './request.ts'
import { settlement } from './settlement.ts'

type Approval = {
  merchant_id: string
  payout_id: string
  decision: 'approved' | 'rejected'
  actor: string
  reason: string | null
  at: Date
}

/**
 * Approves a payout that waits, and sends it: the decision is committed first, then the provider is called.
 * @throws a Problem when it no longer waits, or when whoever asks is the person who made it.
 */
export async function approvePayout(context: Context, name: PayoutName): Promise<Payout> {
  requireConfirmed(context)
  const found = await findPayout(context, name)
  const account = await accountOf(context, found)
  const { merchant_id, id } = found
  const now = context.clock.now()
  const approved = await context.database.transaction(async (transaction) => {
    const payout = await lockWaiting(transaction, { merchant_id, id })
    requireSecondPerson(context, payout)
    await limitsOf(transaction, merchant_id)
    providerOf(context, payout).payouts?.refuse(account, payout)
    await decide(context, transaction, payout, { decision: 'approved' })
    return transaction.one<Payout>(sql`
      update payouts set status = 'created', requested_at = ${now}, check_at = ${outcomeDueAt(now)}, updated_at = ${now}
      where merchant_id = ${merchant_id} and id = ${id} returning *`)
  })
  await requestPayout(context, account, approved)
  return findPayout(context, approved)
}

/**
 * Rejects a payout that waits: it fails, nothing was sent, and the limit of its day has its amount back. Whoever made it may
 * take it back so.
 * @throws a Problem when it no longer waits.
 */
export async function rejectPayout(context: Context, name: PayoutName, reason?: string): Promise<Payout> {
  const { merchant_id, id } = await findPayout(context, name)
  const at = context.clock.now()
  const message = reason ?? 'It was not approved. Nothing was sent.'
  const said = { source: 'operator', verdict: 'failure', failure_code: 'rejected', message } as const
  const evidence = { ...said, id: newId(at), merchant_id, payout_id: id, at }
  await again(context, () =>
    context.database.transaction(async (transaction) => {
      await decide(context, transaction, await lockWaiting(transaction, { merchant_id, id }), {
        decision: 'rejected',
        reason,
      })
      await transaction.query(settlement(context, [{ evidence, repeats: [] }]))
    }),
  )
  wakeWaiting(context, [{ effect: 'failed', subject_id: id }])
  return findPayout(context, { merchant_id, id })
}

/** The payout, held until the end of the transaction, so that it is decided once. */
async function lockWaiting(
  transaction: Transaction,
  { merchant_id, id }: Pick<Payout, 'merchant_id' | 'id'>,
): Promise<Payout> {
  const payout = await transaction.one<Payout>(
    sql`select * from payouts where merchant_id = ${merchant_id} and id = ${id} for update`,
  )
  if (payout.batch_id) {
    const id = showId('bat', payout.batch_id)
    const message = `This payout is one of the batch ${id}: all of them are decided on together.`
    throw new Problem('conflict', message, 'id', { batch_id: id })
  }
  if (payout.status === 'awaiting_approval') return payout
  throw new Problem(
    'conflict',
    'This payout does not wait for approval: it needed none, or it was decided already.',
    'id',
  )
}

async function decide(
  context: Context,
  transaction: Transaction,
  { merchant_id, id }: Payout,
  { decision, reason }: { decision: 'approved' | 'rejected'; reason?: string },
): Promise<void> {
  await transaction.query(sql`
    insert into approvals ${oneRow<Approval>({
      merchant_id,
      payout_id: id,
      decision,
      actor: context.actor,
      reason,
      at: context.clock.now(),
    })}`)
  await writeAudit(transaction, context, {
    merchant_id,
    action: `payout.${decision}`,
    subject: showId('pot', id),
    details: reason === undefined ? {} : { reason },
  })
}
