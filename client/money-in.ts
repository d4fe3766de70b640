import type { Call, PostOptions } from './call.ts'
import type { List, Paging } from './list.ts'
import type { Environment, Provider } from './payments.ts'
import type { Refund } from './refunds.ts'

/** One receipt of the provider: money that arrived, and the payment it belongs to, or none. */
export type MoneyIn = {
  id: string
  receipt: string
  provider: Provider
  environment: Environment
  /** The account that it came to. */
  account: string
  kind: 'stk' | 'c2b' | 'other'
  amount: string
  currency: string
  payment_id: string | null
  unmatched_because: string | null
  /** The payments that it could have been meant for. */
  candidates: string[]
  payer: { name: string | null; phone: string | null }
  account_reference: string | null
  /** Until then it may still find its payment by itself. */
  waits_until: string | null
  /** What is on its way back to the payer. */
  amount_reserved: string
  /** What went back to the payer. */
  amount_reversed: string
  reversed_at: string | null
  reversed_by: string | null
  paid_at: string | null
  created_at: string
}

export type MoneyInFilter = Paging & {
  /** Only what no payment explains, or only what one does. */
  unmatched?: boolean
  /** One of your accounts, by its name or id. */
  account?: string
  kind?: MoneyIn['kind']
  /** The beginning of a receipt, phone or reference, or of words of the payer's name; or an amount in shillings. */
  search?: string
  receipt?: string
  account_reference?: string
  phone?: string
  min_amount?: number | string
  max_amount?: number | string
  since?: string | Date
  until?: string | Date
}

export type MoneyInCalls = {
  list(filter?: MoneyInFilter): List<MoneyIn>
  /**
   * Gives money that no payment explains to a payment, which it completes; or puts it to invoices, each with the amount that it is
   * to have of this money in all. What is over at an invoice may be given to others so. Safe to repeat.
   */
  assign(
    receipt: string,
    to: { payment_id: string } | { invoices: { invoice_id: string; amount?: number | string }[] },
  ): Promise<MoneyIn>
  /** Sends money back that no payment explains, all that is left or an amount of it. Resolves while the refund is `pending`. */
  refund(
    receipt: string,
    refund?: { amount?: number | string; reason?: string },
    options?: PostOptions,
  ): Promise<Refund>
}

export function moneyIn(call: Call): MoneyInCalls {
  return {
    list: (filter = {}) => call.list('/money-in', filter),
    assign: (receipt, to) => call.postOnce(`/money-in/${encodeURIComponent(receipt)}/assign`, to),
    refund: (receipt, refund = {}, options) =>
      call.post(`/money-in/${encodeURIComponent(receipt)}/refund`, refund, options),
  }
}
