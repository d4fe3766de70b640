import type { Call, PostOptions } from './call.ts'
import type { List, Paging } from './list.ts'
import type { Environment, Metadata, Provider } from './payments.ts'

export type NewPaymentLink = {
  /** What is paid for, as its payers read it. */
  name: string
  /** Shillings; left out where the payer writes how much. */
  amount?: number | string
  currency?: 'KES'
  provider?: Provider
  /** Which of your accounts, by its name or id; the default one where none is named. */
  account?: string
  /** How many payments are taken at it; any number where none is given. */
  max_uses?: number
  metadata?: Metadata
  return_url?: string
}

/** A page at which anybody pays. */
export type PaymentLink = {
  id: string
  merchant_id: string
  environment: Environment
  provider: Provider
  account: string
  status: 'active' | 'ended'
  name: string
  amount: string | null
  currency: 'KES'
  max_uses: number | null
  /** How many payments were completed at it. */
  uses: number
  url: string
  /** A picture, as SVG, of a QR code that leads to the `url`. */
  qr_url: string
  return_url: string | null
  metadata: Metadata
  idempotency_key: string | null
  created_at: string
  ended_at: string | null
}

export type PaymentLinkFilter = Paging & {
  status?: 'active' | 'ended'
  account?: string
  /** The beginnings of words of its name. */
  search?: string
  since?: string | Date
  until?: string | Date
}

/** How a poster is wanted: which paper, which code, and what is typed as the account at a paybill. */
export type Poster = { size?: 'A4' | 'A5'; code?: 'link' | 'mpesa'; account_reference?: string }

export type PaymentLinks = {
  create(link: NewPaymentLink, options?: PostOptions): Promise<PaymentLink>
  get(id: string): Promise<PaymentLink>
  list(filter?: PaymentLinkFilter): List<PaymentLink>
  /** Nobody begins a payment there any longer. */
  end(id: string): Promise<PaymentLink>
  /** Payments begin there again, at the same address and by the same QR code. */
  resume(id: string): Promise<PaymentLink>
  /** A poster for the counter, as a PDF. */
  poster(id: string, options?: Poster): Promise<Uint8Array>
}

export function paymentLinks(call: Call): PaymentLinks {
  const path = (id: string) => `/payment-links/${encodeURIComponent(id)}`
  return {
    create: (link, options) => call.post('/payment-links', link, options),
    get: (id) => call.get(path(id)),
    list: (filter = {}) => call.list('/payment-links', filter),
    end: (id) => call.post(`${path(id)}/end`),
    resume: (id) => call.post(`${path(id)}/resume`),
    poster: (id, options = {}) => call.download(`${path(id)}/poster.pdf`, options),
  }
}
