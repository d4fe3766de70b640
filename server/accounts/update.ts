import { isDeepStrictEqual } from 'node:util'
import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import type { Account } from './account.ts'
import { mergeCredentials, refuseUnlessOwner } from './given.ts'
import type { GivenCredentials } from './given.ts'
import { requireLiveAddress } from './live-address.ts'
import { holdAccounts, stepDown, writeAccount } from './write.ts'

/** What shall be changed of an account; what is not given stays. A test key does not see live ones. */
export type AccountUpdate = {
  merchant_id: string
  id: string
  mode?: Mode
  name?: string
  is_default?: boolean
  /** True for one with which nothing new shall be made, false for one that comes back. */
  ended?: boolean
  /** What an account with this provider is given; that of another provider is refused. */
  mpesa?: GivenCredentials
  pesaflow?: GivenCredentials
}

/**
 * Changes an account. Which number it is of stays: payments keep the account they were made with. Where nothing changes, nothing is
 * done.
 * @throws a Problem when the merchant has no such account, when there would be no default account, and for all that
 *   `configureAccount` refuses.
 */
export async function updateAccount(context: Context, { merchant_id, id, mode, ...change }: AccountUpdate) {
  return context.database.transaction(async (transaction) => {
    const accounts = await holdAccounts(context, transaction, { merchant_id })
    const known = accounts.find((account) => account.id === id)
    if (!known || (mode === 'test' && known.environment === 'live')) throw new Problem('not_found', noAccount, 'id')
    const present = accounts.find(({ provider, is_default }) => is_default && provider === known.provider)
    const other = known.provider === 'mpesa' ? 'pesaflow' : 'mpesa'
    if (Object.values(change[other] ?? {}).some((value) => value !== undefined))
      throw new Problem('invalid_request', `This is an account with ${known.provider}: leave "${other}" out.`, other)
    const next = wanted(known, change, context.clock.now())
    if (isDeepStrictEqual(next, known)) return known

    const stepsUp = next.is_default && !known.is_default
    refuseUnlessOwner(context, [known, ...(stepsUp ? [present] : [])])
    if (known.environment === 'live' && known.ended_at && !next.ended_at) requireLiveAddress(context.config, known)
    if (present && stepsUp) await stepDown(context, transaction, present, { ended: false })
    const account = await writeAccount(context, transaction, { ...next, known })
    await writeAudit(transaction, context, {
      merchant_id,
      action: 'account.changed',
      subject: showId('acc', id),
      details: { changed: Object.keys(change).filter((key) => change[key as keyof typeof change] !== undefined) },
      isGrave: known.environment === 'live' || (stepsUp && present?.environment === 'live'),
    })
    return account
  })
}

const noAccount = 'There is no such account, or it is not yours.'

/** The account as it shall be. @throws a Problem when it cannot be so. */
function wanted(known: Account, change: Omit<AccountUpdate, 'merchant_id' | 'id'>, now: Date): Account {
  const { name = known.name, is_default = known.is_default, ended = known.ended_at !== null } = change
  if (known.is_default && !is_default)
    throw new Problem(
      'conflict',
      'There is always a default account: make another one the default, and this one is it no longer.',
      'is_default',
    )
  if (is_default && ended)
    throw new Problem('conflict', 'The default account cannot be ended: make another one the default first.', 'ended')
  const credentials = mergeCredentials(known, known.credentials, change[known.provider] ?? {})
  return { ...known, name, is_default, credentials, ended_at: ended ? (known.ended_at ?? now) : null }
}
