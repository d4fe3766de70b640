import type { Context } from '../context.ts'
import { accountOf } from '../accounts/find.ts'
import type { Account } from '../accounts/account.ts'
import { parseId, showId } from '../id.ts'
import { logoPath } from '../merchants/logo.ts'
import { findMerchants } from '../merchants/merchant.ts'
import { attemptsOf } from '../payments/attempts.ts'
import type { Attempt } from '../payments/attempts.ts'
import { findPaymentsById } from '../payments/find.ts'
import type { Payment } from '../payments/payment.ts'
import type { Payments } from '../providers/provider.ts'
import { providerOf } from '../providers/provider-of.ts'
import type { Asset } from '../web/asset.ts'
import { brandStyle } from '../web/color.ts'
import { speaker } from '../web/language.ts'
import type { Language, Speak } from '../web/language.ts'
import type { Named } from './code.ts'
import { words } from './words.ts'

/** What every page for a payer begins with, whatever is paid there: who asks, for what, and how much. */
export type Bill = {
  merchant: string
  /** The merchant's own colour, as the style of the page, and where its logo is. */
  brand?: Asset
  logo?: string
  environment: Payment['environment']
  /** What the money is for, in the merchant's own words. */
  what: string
  amount_cents: number
  language: Language
  say: Speak<typeof words>
  /** The address of the page, and its language where the address named one: `?lang=sw`. */
  path: string
  query: string
  now: Date
}

/** Everything that a page of the checkout of a payment is made of. */
export type Checkout = Bill & {
  payment: Payment
  /** The attempts to collect this money, the first one first; the payment is one of them. */
  attempts: Attempt[]
  account: Pick<Account, 'type' | 'shortcode' | 'till' | 'c2b_registered_at'>
  /** How its provider asks for it. */
  asks: Payments['asks']
  /** The code that the payer named, on the page where one does so. */
  named?: Named
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
  const named = id ? await context.gather(findPaymentsById, id) : undefined
  // One that was folded into another is shown as that.
  const payment = named?.folded_into ? await context.gather(findPaymentsById, named.folded_into) : named
  const merchant = payment && (await context.gather(findMerchants, payment.merchant_id))
  if (!payment || !merchant) return undefined
  return {
    merchant: merchant.name,
    brand: merchant.color ? brandStyle(merchant.color) : undefined,
    logo: merchant.logo_version ? logoPath({ merchant_id: merchant.id, version: merchant.logo_version }) : undefined,
    environment: payment.environment,
    what: whatFor(payment),
    amount_cents: payment.amount_cents,
    language,
    say: speaker(words, language),
    path: pathOf(payment),
    query,
    now: context.clock.now(),
    payment,
    attempts: await findAttempts(context, payment),
    account: await accountOf(context, payment),
    asks: providerOf(context, payment).payments.asks,
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

// A reference that Lango made says nothing to a payer.
function whatFor({ account_reference, description }: Payment): string {
  return [account_reference, description].filter(Boolean).join(' · ')
}

// Only what failed is ever tried again, so that nearly every payment stands alone.
async function findAttempts(context: Context, payment: Payment): Promise<Attempt[]> {
  return payment.status === 'failed' || payment.retry_of ? attemptsOf(context, payment) : [payment]
}
