import type { Context } from '../context.ts'
import { parseId, showId } from '../id.ts'
import { accountOf } from '../accounts/find.ts'
import type { Account } from '../accounts/account.ts'
import { findMerchants } from '../merchants/merchant.ts'
import { attemptsOf, findPaymentsById } from '../payments/attempts.ts'
import type { Attempt } from '../payments/attempts.ts'
import type { Payment } from '../payments/payment.ts'
import { speaker } from '../web/language.ts'
import type { Language, Speak } from '../web/language.ts'
import { words } from './words.ts'

/** Everything that a page of the checkout is made of. */
export type Checkout = {
  payment: Payment
  /** The attempts to collect this money, the first one first; the payment is one of them. */
  attempts: Attempt[]
  merchant: string
  account: Pick<Account, 'type' | 'shortcode' | 'till' | 'c2b_registered_at'>
  language: Language
  say: Speak<typeof words>
  /** The address of the page, and its language where the address named one: `?lang=sw`. */
  path: string
  query: string
  now: Date
  /** What the payer typed, and what is wrong with it. */
  refused?: { typed: string; because: 'phone_missing' | 'phone_wrong' }
}

/** Finds the checkout that a link names; undefined when it names none. */
export async function findCheckout(
  context: Context,
  link: string,
  { language, query }: Pick<Checkout, 'language' | 'query'>,
): Promise<Checkout | undefined> {
  const id = parseId('pay', link)
  const payment = id && (await context.gather(findPaymentsById, id))
  const merchant = payment && (await context.gather(findMerchants, payment.merchant_id))
  if (!payment || !merchant) return undefined
  return {
    payment,
    attempts: await findAttempts(context, payment),
    merchant: merchant.name,
    account: await accountOf(context, payment),
    language,
    say: speaker(words, language),
    path: pathOf(payment),
    query,
    now: context.clock.now(),
  }
}

/** The same checkout as it is now. */
export async function lookAgain(context: Context, checkout: Checkout): Promise<Checkout> {
  const payment = (await context.gather(findPaymentsById, checkout.payment.id)) ?? checkout.payment
  return { ...checkout, payment, attempts: await findAttempts(context, payment), now: context.clock.now() }
}

/** Where the checkout of a payment is. */
export function pathOf({ id }: Pick<Payment, 'id'>): string {
  return `/pay/${showId('pay', id)}`
}

// Only what failed is ever tried again, so that nearly every payment stands alone.
async function findAttempts(context: Context, payment: Payment): Promise<Attempt[]> {
  return payment.status === 'failed' || payment.retry_of ? attemptsOf(context, payment) : [payment]
}
