import { callbackOf } from '../callbacks/act.ts'
import type { Reply, TrustedArrival } from '../callbacks/act.ts'
import { isDoubted } from '../callbacks/arrival.ts'
import { storeCallbacks } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { accountOf } from '../accounts/account.ts'
import type { Account } from '../accounts/account.ts'
import { matchArrived } from '../money-in/match.ts'
import { receiveMoney } from '../money-in/receive.ts'
import type { MoneyTold } from '../providers/provider.ts'
import { reconcileSoon } from '../reconciliation/hasten.ts'
import { decideWhetherWanted, defaultOf } from './validate.ts'

/** Answers whether money that a customer wants to send is wanted, and enters what was sent in the books. */
export async function actOnC2b(context: Context, arrival: TrustedArrival): Promise<Reply | undefined> {
  const account = await accountOf(context, { provider_account_id: arrival.subject_id })
  const provider = context.providers[account.provider]!
  const told = provider.readMoneyIn?.(arrival.json)
  if (!told) return undefined
  if (arrival.channel === 'validation')
    return provider.replyToValidation!(await validate(context, account, arrival, told))
  // Where the address does not say what it is, the body must say that the money has moved.
  if (arrival.channel !== 'confirmation' && !told.hasMoved) return undefined
  await confirm(context, account, arrival, told)
  return provider.replyToConfirmation!()
}

async function validate(context: Context, account: Account, arrival: TrustedArrival, told: MoneyTold) {
  await storeCallbacks(context, [callbackOf(arrival)])
  if (!isOfAccount(account, told)) return 'wrong_shortcode'
  try {
    return await decideWhetherWanted(context, account, told)
  } catch (error) {
    context.log.error({ error, account_id: account.id }, 'A validation was answered by the default of its account.')
    return defaultOf(account)
  }
}

async function confirm(context: Context, account: Account, arrival: TrustedArrival, told: MoneyTold): Promise<void> {
  const callback = callbackOf(arrival)
  const doubt = doubtOf(account, arrival, told)
  if (doubt) {
    await storeCallbacks(context, [{ ...callback, problem: doubt }])
    return reconcileSoon(context, account)
  }
  const { shortcode: _, hasMoved: __, ...money } = told
  const { merchant_id, provider, environment, id: provider_account_id } = account
  const entered = await context.gather(receiveMoney, {
    ...money,
    paid_at: told.paid_at ?? arrival.at,
    merchant_id,
    provider,
    environment,
    provider_account_id,
    kind: 'c2b',
    match_at: context.clock.now(),
    callback,
  })
  // The sweep would do it too: this only spares the merchant the wait.
  if (entered) await context.gather(matchArrived, entered)
  else context.signals.wake('money')
}

/** Why what the body claims is not believed before the provider's own records say so. */
function doubtOf(account: Account, arrival: TrustedArrival, told: MoneyTold): string | undefined {
  if (!isOfAccount(account, told)) return `It names the short code ${told.shortcode}, which is not that of its token.`
  if (isDoubted(arrival, account.environment))
    return 'It came from an address that Safaricom does not list, or its signature is wrong.'
  return undefined
}

function isOfAccount({ shortcode, till }: Account, told: MoneyTold): boolean {
  return told.shortcode === shortcode || (till !== null && told.shortcode === till)
}
