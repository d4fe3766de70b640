import { isDeepStrictEqual } from 'node:util'
import { writeAudit } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { codeOf } from './account.ts'
import type { Account } from './account.ts'
import { freeName, isSame, mergeCredentials, refuseUnlessOwner } from './given.ts'
import type { AccountInput } from './given.ts'
import { requireLiveAddress } from './live-address.ts'
import { holdAccounts, stepDown, writeAccount } from './write.ts'

/**
 * Sets a merchant's default account with a provider. Environment, short code and till say which one: the present one, another that
 * is in use, one of the past, which comes back with its operator and registrations, or a new one. One that comes anew takes the
 * place and the name of the present one, which stays for the checks and refunds of its payments. Where nothing changes, nothing is
 * done.
 * @throws a Problem when a credential is missing, when a live short code belongs to another merchant, when a live account has no
 *   address for callbacks, and when a live account may be changed by an owner only.
 */
export async function configureAccount(context: Context, input: AccountInput): Promise<Account> {
  return context.database.transaction(async (transaction) => {
    const accounts = await holdAccounts(context, transaction, input)
    const present = accounts.find(({ provider, is_default }) => is_default && provider === input.provider)
    const known = accounts.find((account) => isSame(account, input))
    const credentials = mergeCredentials(input, known?.credentials, input.credentials)
    const isKnown = known?.type === input.type && isDeepStrictEqual(known.credentials, credentials)
    if (isKnown && known.is_default) return known

    refuseUnlessOwner(context, [present, ...(isKnown ? [] : [known])])
    const isInUse = known !== undefined && !known.ended_at
    if (input.environment === 'live' && !isInUse) requireLiveAddress(context.config, input)
    if (present && present !== known) await stepDown(context, transaction, present, { ended: !isInUse })
    const account = await writeAccount(context, transaction, {
      ...input,
      known,
      credentials,
      name: isInUse ? known.name : nameAfter(input, { present, known, accounts }),
      is_default: true,
    })
    const { environment, shortcode, till } = input
    await writeAudit(transaction, context, {
      merchant_id: input.merchant_id,
      action: 'provider.configured',
      subject: input.provider,
      details: { environment, shortcode, till },
      isGrave: environment === 'live' || present?.environment === 'live',
    })
    return account
  })
}

type Before = { present: Account | undefined; known: Account | undefined; accounts: Account[] }

/** The name that somebody gave to the account whose place is taken; the other names say no more than the number. */
function nameAfter(input: AccountInput, { present, known, accounts }: Before): string {
  const given = present && present.name !== codeOf(present) ? present.name : undefined
  return freeName(input, { wanted: [given, known?.name], others: accounts.filter((account) => account !== present) })
}
