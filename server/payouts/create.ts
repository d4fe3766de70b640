import type { Context } from '../context.ts'
import { requireConfirmed } from '../access/owner.ts'
import { showId } from '../id.ts'
import { findFirstRequests, replay } from '../api/idempotency.ts'
import type { Creation } from '../api/idempotency.ts'
import { accountOfCaller, refuseEnded } from '../accounts/named.ts'
import { Problem } from '../problem.ts'
import { findPayout } from './find.ts'
import { claimOf, commitIntent } from './intent.ts'
import type { PayoutInput } from './intent.ts'
import type { Payout } from './payout.ts'
import { requestPayout } from './request.ts'

/**
 * Sends money: the amount is counted against the limit of the day and the intent committed with it, then the provider is
 * called, then its answer is kept. Above the merchant's threshold nothing is sent until somebody else approves. The outcome
 * comes by callback; nothing is ever sent again, and until evidence of failure the amount stays counted.
 * @throws a Problem for what may not be sent, or was asked for before.
 */
export async function createPayout(context: Context, input: PayoutInput): Promise<Creation<Payout>> {
  requireConfirmed(context)
  const account = await accountOfCaller(context, input, input)
  refuseEnded(account)
  const payout = await commitIntent(context, input, account)
  if (!payout) return repeat(context, input)
  if (payout.status === 'created') await requestPayout(context, account, payout)
  return { made: await findPayout(context, payout), isRepeat: false }
}

async function repeat(context: Context, input: PayoutInput): Promise<Creation<Payout>> {
  const [first] = await findFirstRequests(context, [claimOf(input)])
  if (!input.idempotency) {
    const id = showId('pot', first!.object_id)
    const message = {
      said: 'The same payout was asked for less than 60 seconds ago.',
      byApi: `It is ${id}. Send an Idempotency-Key if you mean a second one.`,
    }
    throw new Problem('duplicate_payout', message, undefined, { payout_id: id })
  }
  const known = replay(context, first!, input.idempotency)
  const { merchant_id } = input
  return known ?? { made: await findPayout(context, { merchant_id, id: first!.object_id }), isRepeat: true }
}
