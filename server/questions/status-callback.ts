import type { Context } from '../context.ts'
import { accountOf } from '../accounts/find.ts'
import { learnStatusOfMoney, learnStatusOfPayment } from './learn-status.ts'
import { learnStatusOfPayout } from '../payouts/callback.ts'
import { learnStatusOfRefund } from '../refunds/callback.ts'
import type { Arrival } from '../callbacks/arrival.ts'
import type { Reply } from '../callbacks/reply.ts'
import { findSubject } from '../callbacks/subject.ts'
import { providerOf } from '../providers/provider-of.ts'
import { storeCallbacks } from '../callbacks/store.ts'

/** Acts on the answer to a question about a transaction: on whatever the question was about, as the token names it. */
export async function actOnStatus(context: Context, arrival: Arrival): Promise<Reply | undefined> {
  const subject = await findSubject(context, arrival)
  const account = subject && (await accountOf(context, subject))
  const { statuses, callbacks } = providerOf(context, arrival)
  const answer = account && statuses?.read(account, arrival)
  if (!answer) return undefined
  // Nobody answered. The question was one of a sweep, which asks again, or of a person, who can.
  if (arrival.channel === 'timeout' || callbacks.isTimeout(arrival)) await storeCallbacks(context, [arrival])
  else if (subject.noun === 'payment') await learnStatusOfPayment(context, arrival, answer)
  else if (subject.noun === 'refund') await learnStatusOfRefund(context, arrival, answer)
  else if (subject.noun === 'payout') await learnStatusOfPayout(context, arrival, answer)
  else await learnStatusOfMoney(context, arrival, account, answer)
  return 'accepted'
}
