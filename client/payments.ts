import type { Acceptance } from './acceptance.ts'
import type { Call, PostOptions } from './call.ts'
import type { List, Paging } from './list.ts'
import { queryText } from './query.ts'

export type Provider = 'mpesa' | 'pesaflow'
export type Environment = 'simulator' | 'sandbox' | 'live'
/** In which somebody is written to: English or Swahili. */
export type Language = 'en' | 'sw'
export type Metadata = Record<string, unknown>

/** Why something failed: Lango's code, a sentence, and the provider's own code where it gave one. */
export type Failure = { code: string; message: string | null; provider_code: string | null }

export type NewPayment = {
  /** Shillings, as `500` or `"500.00"`. M-Pesa takes whole ones, 1 to 250,000. */
  amount: number | string
  currency?: 'KES'
  /** `mpesa` by default. */
  provider?: Provider
  /** Which of your accounts, by its name or id (`acc_…`); the default one where none is named. */
  account?: string
  /** The payer's number in any usual form. With it the phone rings at once; without it the payment waits at its `checkout_url`. */
  phone?: string
  /** What the payer sees, 1 to 12 characters of `A-Z a-z 0-9 . _ / -` and blanks. */
  account_reference?: string
  /** Your own name of the order, unique among your payments that have not failed: after a failure ask again with the same one. */
  external_reference?: string
  /** The failed payment that this one tries again. Needed only where the order has no `external_reference`. */
  retry_of?: string
  description?: string
  customer?: { name?: string; email?: string; phone?: string; id_number?: string; language?: Language }
  metadata?: Metadata
  invoice_id?: string
  /** An address for the provider's callbacks other than Lango's. Webhooks go to webhook endpoints, not here. */
  callback_url?: string
  /** Where the checkout sends the payer afterwards. */
  return_url?: string
}

export type PaymentStatus = 'pending' | 'completed' | 'failed' | 'reversed'

export type Payment = {
  id: string
  merchant_id: string
  environment: Environment
  /** Shillings as a decimal string, such as `"500.00"`; so are all amounts. */
  amount: string
  currency: 'KES'
  /** What the provider takes on top, from the payer; and what the payer pays, both together. */
  commission: string
  gross_amount: string
  provider: Provider
  /** The account that it was made with, and keeps. */
  account: string
  status: PaymentStatus
  /** What became of the request to the provider. `unknown` is settled by callback or check, and never sent again by Lango. */
  provider_outcome: 'accepted' | 'refused' | 'unknown' | null
  provider_ref: string | null
  /** The M-Pesa code. It may follow a little after `completed`. */
  provider_receipt: string | null
  failure: Failure | null
  phone: string | null
  payer: { name: string | null; email: string | null; phone_masked: string | null; language: Language | null }
  account_reference: string
  external_reference: string | null
  description: string | null
  metadata: Metadata
  amount_received: string
  amount_refunded: string
  origin: 'api' | 'checkout' | 'invoice' | 'link' | 'c2b'
  /** The failed payment that this one tried again, at the checkout or by the API: it is for the same order. */
  retry_of: string | null
  /** The money came after the payment had failed. */
  late: boolean
  /** Counts the status changes. */
  version: number
  needs_attention: string[] | null
  checkout_url: string
  return_url: string | null
  invoice_id: string | null
  link_id: string | null
  /** The payment that turned out to be of the same money, and has it. Such a one is in no list. */
  folded_into: string | null
  /** The receipt that was issued for it, moments after it was completed. */
  receipt_id: string | null
  idempotency_key: string | null
  /** Times are ISO 8601, UTC. */
  created_at: string
  paid_at: string | null
  completed_at: string | null
  failed_at: string | null
  reversed_at: string | null
}

export type PaymentFilter = Paging & {
  provider?: Provider
  /** One of your accounts, by its name or id. */
  account?: string
  status?: PaymentStatus
  since?: string | Date
  until?: string | Date
  /** An id in whole, or the beginning of a receipt, phone or reference, or of words of the payer's name. */
  search?: string
  min_amount?: number | string
  max_amount?: number | string
  phone?: string
  account_reference?: string
  external_reference?: string
  invoice_id?: string
}

/** Which of your accounts something concerns, by its name or id; the default one where none is named. */
export type OfAccount = { account?: string }

/** One fact learnt about a payment. */
export type Evidence = {
  at: string
  source: 'ack' | 'callback' | 'query' | 'status' | 'pull' | 'statement' | 'operator'
  verdict: 'success' | 'failure' | null
  effect: string
  provider_code: string | null
  message: string | null
  receipt: string | null
  amount: string | null
  source_address: string | null
  /** The provider's body exactly as it came. */
  raw: string | null
}

export type Payments = {
  /**
   * Asks a payer to pay. Resolves when the provider has taken or refused the request, not when the payer has paid: that comes as a
   * webhook. A request that the provider refuses resolves too, with `status: 'failed'`.
   */
  create(payment: NewPayment, options?: PostOptions): Promise<Payment>
  get(id: string): Promise<Payment>
  list(filter?: PaymentFilter): List<Payment>
  /** Everything ever learnt about a payment, oldest first. */
  evidence(id: string): Promise<Evidence[]>
  /** Asks the provider now, at most once in 10 seconds for a payment. */
  check(id: string): Promise<Payment & { check: { outcome: string } }>
  /** Asks M-Pesa about a receipt; one that is in no books is asked about in the name of an account. The result arrives by callback, and at the payment. */
  checkStatus(receipt: string, of?: OfAccount): Promise<Acceptance>
}

export function payments(call: Call): Payments {
  return {
    create: (payment, options) => call.post('/payments', payment, options),
    get: (id) => call.get(`/payments/${encodeURIComponent(id)}`),
    list: (filter = {}) => call.list('/payments', filter),
    evidence: (id) => call.get(`/payments/${encodeURIComponent(id)}/evidence`),
    check: (id) => call.post(`/payments/${encodeURIComponent(id)}/check`),
    checkStatus: (receipt, of = {}) =>
      call.post(`/payments/mpesa/check-status/${encodeURIComponent(receipt)}${queryText(of)}`),
  }
}
