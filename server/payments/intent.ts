import type { Context } from '../context.ts'
import { guardRoute } from '../api/idempotency.ts'
import type { ClaimedKey, Repeatable } from '../api/idempotency.ts'
import type { Account } from '../accounts/account.ts'
import type { Mode } from '../access/key.ts'
import type { Language } from '../languages.ts'
import { providerOf } from '../providers/provider-of.ts'
import { findMerchants } from '../merchants/merchant.ts'
import type { ProviderName } from '../providers/names.ts'
import { newPaymentId } from './of-invoice.ts'
import type { Payment } from './payment.ts'

/** What a merchant asks for. Amounts are cents, the phone is `254…`. */
export type PaymentInput = {
  merchant_id: string
  mode: Mode
  provider: ProviderName
  /** The id or name of the account that it is made with; the default one where none is named. */
  account?: string
  amount_cents: number
  phone?: string
  account_reference?: string
  external_reference?: string
  description?: string
  customer?: { name?: string; email?: string; phone?: string; id_number?: string; language?: Language }
  metadata?: Record<string, unknown>
  invoice_id?: string
  link_id?: string
  /** True where the link takes so many payments and no more. */
  link_is_limited?: boolean
  callback_url?: string
  return_url?: string
  origin?: Payment['origin']
  /** The failed payment that is tried again: this one has its external reference too. */
  retry_of?: string
  /** The caller's Idempotency-Key. Without one, a payment like another of the last 60 seconds is refused. */
  idempotency?: Repeatable
}

/**
 * A payment that is about to be made, and the key by which a second request for it is recognised. One that is asked for by a
 * prompt is asked at once only where its phone is known.
 */
export type PaymentIntent = { id: string; input: PaymentInput; account: Account; claim: Claim; asksAtOnce: boolean }

type Claim = Pick<ClaimedKey, 'route' | 'key'>

/** Gives what a merchant asks for an id and a claim. */
export async function intentOf(context: Context, input: PaymentInput, account: Account): Promise<PaymentIntent> {
  const id = newPaymentId(context.clock.now(), { hasInvoice: input.invoice_id !== undefined })
  const { asks } = providerOf(context, input).payments
  const asksAtOnce = asks === 'at_page' || input.phone !== undefined
  return { id, input, account, claim: await claimOf(context, id, input), asksAtOnce }
}

/** The caller's own key, or what makes two payments alike; neither where nothing has to be recognised. */
async function claimOf(context: Context, id: string, input: PaymentInput): Promise<Claim> {
  if (input.idempotency) return input.idempotency
  const merchant = input.phone ? await context.gather(findMerchants, input.merchant_id) : undefined
  if (!merchant?.duplicate_guard) return { route: guardRoute, key: id }
  const { mode, provider, phone, amount_cents, account_reference } = input
  return { route: guardRoute, key: [mode, provider, phone, amount_cents, account_reference].join(' ') }
}
