import { keepToken, keptUrl } from '../accounts/kept-token.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Account } from '../accounts/account.ts'
import { writeAudit } from '../access/audit.ts'
import { notTaken } from '../providers/not-taken.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import { providerWords } from '../providers/names.ts'

/** Where the provider tells of money that customers send of their own accord, from now on or since before. */
export type MoneyRegistration = {
  account: Account
  confirmation_url: string
  validation_url: string
  wasRegistered: boolean
}

/**
 * Tells the provider where to post what customers pay of their own accord, and what to do while nobody answers there. Safe to
 * repeat: "already registered" is a success, and the addresses stay the same.
 * @throws a Problem when the provider refuses, cannot be reached, or does not answer.
 */
export async function registerC2b(
  context: Context,
  account: Account,
  default_action: Account['c2b_default_action'],
): Promise<MoneyRegistration> {
  const { register } = supported(
    providerOf(context, account).moneyIn,
    `The provider ${providerWords[account.provider]} tells of no money but what was asked for.`,
  )
  const token = await keepToken(context, account, 'c2b')
  const confirmation_url = keptUrl(context, token, 'confirmation')
  const validation_url = keptUrl(context, token, 'validation')
  const outcome = await register(context, account, { confirmation_url, validation_url, default_action })
  if (outcome.kind !== 'registered') throw notTaken(outcome, 'Try again: registering twice does no harm.')
  const { wasRegistered } = outcome
  await context.database.transaction(async (transaction) => {
    const now = context.clock.now()
    await transaction.query(sql`
      update provider_accounts set c2b_registered_at = coalesce(c2b_registered_at, ${now}), c2b_default_action = ${default_action}, updated_at = ${now}
      where id = ${account.id}`)
    const details = { default_action, already_registered: wasRegistered }
    await writeAudit(transaction, context, {
      merchant_id: account.merchant_id,
      action: 'c2b.registered',
      subject: account.shortcode,
      details,
    })
  })
  context.signals.wake('c2b defaults')
  return { account, confirmation_url, validation_url, wasRegistered }
}
