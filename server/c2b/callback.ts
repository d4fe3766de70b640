import { isDoubted } from '../callbacks/arrival.ts'
import type { Arrival } from '../callbacks/arrival.ts'
import type { Reply } from '../callbacks/reply.ts'
import { storeCallbacks } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { accountOf, findAccountOfShortcode } from '../accounts/find.ts'
import type { Account } from '../accounts/account.ts'
import { disputeAmount } from '../money-in/dispute-amount.ts'
import { matchArrived } from '../money-in/match.ts'
import { receiveMoney } from '../money-in/receive.ts'
import type { MoneyTold } from '../providers/money-told.ts'
import { providerOf } from '../providers/provider-of.ts'
import { reconcileSoon } from '../reconciliation/hasten.ts'
import { decideWhetherWanted, defaultOf } from './validate.ts'

/** Answers whether money that a customer wants to send is wanted, and enters what was sent in the books. */
export async function actOnC2b(context: Context, arrival: Arrival): Promise<Reply | undefined> {
  const account = await accountOf(context, { provider_account_id: arrival.subject_id })
  const { moneyIn } = providerOf(context, account)
  const told = moneyIn?.read(arrival)
  if (!moneyIn || !told) return undefined
  if (arrival.channel === 'validation')
    return moneyIn.replyToValidation(await validate(context, account, arrival, told))
  // Where the address does not say what it is, the body must say that the money has moved.
  if (arrival.channel !== 'confirmation' && !told.hasMoved) return undefined
  await confirm(context, account, arrival, told)
  return moneyIn.replyToConfirmation()
}

async function validate(context: Context, account: Account, arrival: Arrival, told: MoneyTold) {
  await storeCallbacks(context, [arrival])
  try {
    // The tills of one store share its addresses: each is judged by its own rule.
    const own = await ownerOf(context, account, told)
    return own ? await decideWhetherWanted(context, own, told) : 'wrong_shortcode'
  } catch (error) {
    context.log.error({ error, account_id: account.id }, 'A validation was answered by the default of its account.')
    return defaultOf(account)
  }
}

async function confirm(context: Context, account: Account, arrival: Arrival, told: MoneyTold): Promise<void> {
  const { shortcode: _, hasMoved: __, amount_cents, ...money } = told
  const problem = amount_cents === null ? unreadableAmount : doubtOf(account, arrival)
  if (amount_cents === null || problem) {
    await storeCallbacks(context, [{ ...arrival, problem }])
    return reconcileSoon(context, account)
  }
  const { merchant_id, provider, environment } = account
  const own = await ownerOf(context, account, told)
  const entered = await context.gather(receiveMoney, {
    ...money,
    amount_cents,
    paid_at: told.paid_at ?? arrival.received_at,
    merchant_id,
    provider,
    environment,
    provider_account_id: (own ?? account).id,
    kind: 'c2b',
    ...(own ? { match_at: context.clock.now() } : { match_at: null, unmatched_because: 'other_shortcode' }),
    callback: arrival,
  })
  const name = { merchant_id, provider, environment, receipt: money.receipt }
  if (!entered && (await disputeAmount(context, arrival, { ...name, amount_cents })))
    return reconcileSoon(context, account)
  // It may be that of a second till, or a mistake: it settles nothing by itself, and a person is shown it.
  if (!own) return reconcileSoon(context, account)
  // The sweep would do it too: this only spares the merchant the wait.
  if (entered) await context.gather(matchArrived, entered)
  else context.signals.wake('money')
}

/** The merchant's account of the short code that is named; undefined for one that is none of theirs. */
async function ownerOf(context: Context, account: Account, told: MoneyTold): Promise<Account | undefined> {
  const { shortcode } = told
  if (isOfAccount(account, told)) return account
  return shortcode === undefined ? undefined : findAccountOfShortcode(context, { ...account, shortcode })
}

const unreadableAmount =
  'unreadable_amount: it tells an amount that cannot be read. The money is entered from the records of M-Pesa.'

/** Why what the body claims is not believed before the provider's own records say so. */
function doubtOf(account: Account, arrival: Arrival): string | undefined {
  if (isDoubted(arrival, account.environment))
    return 'It came from an address that Safaricom does not list, or its signature is wrong.'
  return undefined
}

function isOfAccount({ shortcode, till }: Account, told: MoneyTold): boolean {
  return told.shortcode === shortcode || (till !== null && told.shortcode === till)
}
