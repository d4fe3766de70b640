import { keepToken, keptUrl } from '../accounts/kept-token.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { findAccounts } from '../accounts/find.ts'
import { mpesaCredentials } from '../accounts/account.ts'
import type { Account } from '../accounts/account.ts'
import { writeAudit } from '../access/audit.ts'
import { Problem } from '../problem.ts'
import { notTaken } from '../providers/not-taken.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import { providerWords } from '../providers/names.ts'

/**
 * Registers an account for the provider's records, once; from then on they are compared with the books every quarter of an hour.
 * Safe to repeat: "already registered" is a success.
 * @throws a Problem when the provider refuses, which in Safaricom's sandbox it does, cannot be reached, or does not
 * answer.
 */
export async function registerForRecords(
  context: Context,
  account: Account,
  nominated_number = mpesaCredentials(account).nominated_number,
): Promise<{ account: Account; wasRegistered: boolean }> {
  const { register } = supported(
    providerOf(context, account).records,
    `The provider ${providerWords[account.provider]} gives no records to compare with.`,
  )
  if (!nominated_number) {
    throw new Problem(
      'invalid_request',
      'Name the Safaricom number that was nominated for this short code, as nominated_number.',
      'nominated_number',
    )
  }
  const callback_url = keptUrl(context, await keepToken(context, account, 'pull'), 'pull')
  const outcome = await register(context, account, { callback_url, nominated_number })
  if (outcome.kind === 'refused' && outcome.by === 'provider' && account.environment !== 'live') {
    const message = `M-Pesa gives records of short codes that went live only. ${outcome.message}`
    throw new Problem('not_supported_in_environment', message)
  }
  if (outcome.kind !== 'registered') throw notTaken(outcome, 'Try again: registering twice does no harm.')
  const { wasRegistered } = outcome
  await context.database.transaction(async (transaction) => {
    const now = context.clock.now()
    await transaction.query(sql`
      update provider_accounts set pull_registered_at = coalesce(pull_registered_at, ${now}), reconcile_at = coalesce(reconcile_at, ${now}),
        reconcile_problem = null, updated_at = ${now}
      where id = ${account.id}`)
    const { merchant_id, shortcode: subject } = account
    await writeAudit(transaction, context, {
      merchant_id,
      action: 'reconciliation.registered',
      subject,
      details: { already_registered: wasRegistered },
    })
  })
  context.signals.wake('reconciliation')
  const [registered] = await findAccounts(context, [account.id])
  return { account: registered!, wasRegistered }
}

/** Why an account is not compared with the provider's records by itself; undefined when it is. */
export function whyNotReconciled({ provider, pull_registered_at, reconcile_problem }: Account): string | undefined {
  if (provider !== 'mpesa') return `The provider ${providerWords[provider]} gives no records to compare with.`
  if (!pull_registered_at) return 'It is not registered for Pull Transactions.'
  return reconcile_problem ?? undefined
}
