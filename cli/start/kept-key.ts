import { createKey, findCaller, showId } from '@lango/server'
import type { Context, Merchant, Mode, KeyScope } from '@lango/server'
import { keep, recallKey } from '../home.ts'
import type { KeptKey } from '../home.ts'

type Wanted = { mode: Mode; scopes: KeyScope[] }

/** A merchant's key of this mode that an earlier start of this home has kept, or a new one, kept for the next. */
export async function keptKey(
  context: Context,
  merchant: Merchant,
  { file, ...wanted }: Wanted & { file: string },
): Promise<KeptKey> {
  const kept = recallKey(file)
  const caller = kept && (await findCaller(context, kept.key))
  // The file may be of another database than the one in use.
  if (caller?.merchant_id === merchant.id && caller.mode === wanted.mode) return kept!
  const made = await makeKey(context, merchant, wanted)
  keep(file, made)
  return made
}

/** A new key, which is kept nowhere. */
export async function makeKey(context: Context, { id }: Merchant, { mode, scopes }: Wanted): Promise<KeptKey> {
  const { key } = await createKey(context, { merchant_id: id, name: 'lango start', mode, scopes })
  return { merchant_id: showId('mer', id), key }
}
