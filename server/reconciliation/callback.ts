import type { Arrival } from '../callbacks/arrival.ts'
import type { Reply } from '../callbacks/reply.ts'
import { storeCallbacks } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { accountOf } from '../accounts/find.ts'
import { reconcileSoon } from './hasten.ts'

/** Safaricom documents no body for the address that Pull Transactions registers: whatever comes is kept, and worth a look at the records. */
export async function actOnPull(context: Context, arrival: Arrival): Promise<Reply | undefined> {
  await storeCallbacks(context, [arrival])
  await reconcileSoon(context, await accountOf(context, { provider_account_id: arrival.subject_id }))
  return 'accepted'
}
