import { isDeepStrictEqual } from 'node:util'
import { writeAudit } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import type { Account } from './account.ts'
import { freeName, isSame, mergeCredentials, refuseUnlessOwner } from './given.ts'
import type { AccountInput } from './given.ts'
import { requireLiveAddress } from './live-address.ts'
import { holdAccounts, stepDown, writeAccount } from './write.ts'

/** What `addAccount` is given. Without a name the account has that of the number that customers pay to. */
export type NewAccount = AccountInput & { name?: string; is_default?: boolean }

/**
 * Adds an account beside those that a merchant has: a till, a branch. The first one is the default, whatever is asked. One that was
 * ended comes back, with its operator and registrations.
 * @throws a Problem when it is there already, and for all that `configureAccount` refuses.
 */
export async function addAccount(context: Context, { name, is_default, ...input }: NewAccount): Promise<Account> {
  return context.database.transaction(async (transaction) => {
    const accounts = await holdAccounts(context, transaction, input)
    const present = accounts.find((account) => account.is_default && account.provider === input.provider)
    const known = accounts.find((account) => isSame(account, input))
    if (known && !known.ended_at) throw isThere(known)

    const credentials = mergeCredentials(input, known?.credentials, input.credentials)
    const isDefault = is_default === true || !present
    const isKnown = known?.type === input.type && isDeepStrictEqual(known.credentials, credentials)
    refuseUnlessOwner(context, [...(isDefault ? [present] : []), ...(isKnown ? [] : [known])])
    if (input.environment === 'live') requireLiveAddress(context.config, input)
    if (present && isDefault) await stepDown(context, transaction, present, { ended: false })
    const account = await writeAccount(context, transaction, {
      ...input,
      known,
      credentials,
      name: name ?? freeName(input, { wanted: [known?.name], others: accounts }),
      is_default: isDefault,
    })
    const { environment, shortcode, till } = account
    await writeAudit(transaction, context, {
      merchant_id: input.merchant_id,
      action: 'account.added',
      subject: showId('acc', account.id),
      details: { name: account.name, environment, shortcode, till, is_default: isDefault },
      isGrave: environment === 'live' || (isDefault && present?.environment === 'live'),
    })
    return account
  })
}

function isThere({ id, name, provider }: Account): Problem {
  const account_id = showId('acc', id)
  const message = {
    said: `This is the account "${name}", which is there already. Change that one.`,
    byApi: `That is PATCH /v1/merchant/accounts/${account_id}.`,
  }
  return new Problem('conflict', message, numberOf[provider], { account_id })
}

/** The field that says which account it is. */
const numberOf = { mpesa: 'mpesa.shortcode', pesaflow: 'pesaflow.service_id' }
