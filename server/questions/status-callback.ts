import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { accountOf } from '../accounts/account.ts'
import { learnStatusOfMoney, learnStatusOfPayment } from './learn-status.ts'
import { learnStatusOfPayout } from '../payouts/callback.ts'
import { learnStatusOfRefund } from '../refunds/callback.ts'
import { accepted, callbackOf } from '../callbacks/act.ts'
import type { Reply, TrustedArrival } from '../callbacks/act.ts'
import { storeCallbacks } from '../callbacks/store.ts'

/** Acts on the answer to a question about a transaction: on whatever the question was about, as the token names it. */
export async function actOnStatus(context: Context, arrival: TrustedArrival): Promise<Reply | undefined> {
  const subject = await findSubject(context, arrival)
  const { readStatus, isTimeout } = context.providers.mpesa!
  const account = subject && (await accountOf(context, subject))
  const answer = account && readStatus!(account, arrival.json)
  if (!answer) return undefined
  // Nobody answered. The question was one of a sweep, which asks again, or of a person, who can.
  if (arrival.channel === 'timeout' || isTimeout!(arrival.json)) await storeCallbacks(context, [callbackOf(arrival)])
  else if (subject.noun === 'payment') await learnStatusOfPayment(context, arrival, answer)
  else if (subject.noun === 'refund') await learnStatusOfRefund(context, arrival, answer)
  else if (subject.noun === 'payout') await learnStatusOfPayout(context, arrival, answer)
  else await learnStatusOfMoney(context, arrival, account, answer)
  return accepted
}

type Subject = { noun: 'payment' | 'refund' | 'payout' | 'account'; provider_account_id: string }

function findSubject({ database }: Context, { merchant_id, subject_id }: TrustedArrival): Promise<Subject | undefined> {
  const named = sql`merchant_id = ${merchant_id} and id = ${subject_id}`
  return database.maybe<Subject>(sql`
    select 'payment' as noun, provider_account_id from payments where ${named}
    union all select 'refund', provider_account_id from refunds where ${named}
    union all select 'payout', provider_account_id from payouts where ${named}
    union all select 'account', id from provider_accounts where ${named}`)
}
