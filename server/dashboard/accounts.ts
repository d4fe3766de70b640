import type { Mode } from '../access/key.ts'
import { showId } from '../id.ts'
import { listAccounts } from '../accounts/find.ts'
import type { Context } from '../context.ts'

/** An account as pages name it. */
export type NamedAccount = {
  id: string
  name: string
  environment: string
  place: string
  isDefault: boolean
  isRegistered: boolean
}

const accountsMax = 100

/** The accounts of a merchant that are in use, the default one first. */
export async function accountsOf(
  context: Context,
  { merchant_id, mode }: { merchant_id: string; mode: Mode },
): Promise<NamedAccount[]> {
  const { rows } = await listAccounts(context, { merchant_id, mode, filter: { ended: false }, limit: accountsMax })
  return rows
    .map(({ id, name, environment, type, till, shortcode, is_default, pull_registered_at }) => ({
      id: showId('acc', id),
      name,
      environment,
      place: type === 'till' ? `till ${till ?? shortcode}` : `paybill ${shortcode}`,
      isDefault: is_default,
      isRegistered: pull_registered_at !== null,
    }))
    .sort((left, right) => Number(right.isDefault) - Number(left.isDefault) || left.name.localeCompare(right.name))
}
