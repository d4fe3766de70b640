import { accepted, callbackOf } from '../callbacks/act.ts'
import type { Reply, TrustedArrival } from '../callbacks/act.ts'
import { storeCallbacks } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { accountOf } from '../accounts/account.ts'
import { reconcileSoon } from './hasten.ts'

/** Safaricom documents no body for the address that Pull Transactions registers: whatever comes is kept, and worth a look at the records. */
export async function actOnPull(context: Context, arrival: TrustedArrival): Promise<Reply | undefined> {
  await storeCallbacks(context, [callbackOf(arrival)])
  await reconcileSoon(context, await accountOf(context, { provider_account_id: arrival.subject_id }))
  return accepted
}
