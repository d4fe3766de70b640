import type { Call } from './call.ts'
import type { List, Paging } from './list.ts'
import type { Environment, Provider } from './payments.ts'

/** The document that was issued for a completed payment. */
export type Receipt = {
  id: string
  merchant_id: string
  environment: Environment
  /** Without gaps in each year of Nairobi, such as `2026-000123`; test and live are counted apart. */
  number: string
  /** Reversed when all of the money went back; replaced where the money turned out to be of a payment that has another receipt. */
  status: 'issued' | 'reversed' | 'replaced'
  payment_id: string
  amount: string
  amount_refunded: string
  /** The VAT in the amount. */
  tax: string
  currency: 'KES'
  provider: Provider
  account: string
  /** The M-Pesa code; `null` while it is being sought. */
  provider_receipt: string | null
  account_reference: string
  external_reference: string | null
  description: string | null
  payer: { name: string | null; email: string | null; phone: string | null }
  /** The business as it was when the receipt was issued. */
  issuer: {
    name: string
    tax_pin: string | null
    vat_rate: string | null
    address: string | null
    email: string | null
  }
  /** What of the money was put to which invoice, and the share of its tax. */
  invoices: { invoice_id: string; reference: string; amount: string; tax: string }[]
  /** The lines of those invoices, whole. */
  lines: {
    description: string
    quantity: string
    unit_amount: string
    tax_rate: string
    tax: string
    amount: string
    invoice_id: string
  }[]
  /** Its page, for whoever has the link. */
  url: string
  pdf_url: string
  /** Where anybody checks it, as its QR code says. */
  verify_url: string
  paid_at: string
  issued_at: string
  reversed_at: string | null
}

export type ReceiptFilter = Paging & {
  status?: Receipt['status']
  payment_id?: string
  invoice_id?: string
  /** An id or a number in whole, or the beginning of an M-Pesa code, phone or reference, or of words of the payer's name. */
  search?: string
  min_amount?: number | string
  max_amount?: number | string
  since?: string | Date
  until?: string | Date
}

export type Receipts = {
  get(id: string): Promise<Receipt>
  list(filter?: ReceiptFilter): List<Receipt>
  /** The receipt as a PDF, in English or Swahili. */
  pdf(id: string, options?: { lang?: 'en' | 'sw' }): Promise<Uint8Array>
}

export function receipts(call: Call): Receipts {
  const path = (id: string) => `/receipts/${encodeURIComponent(id)}`
  return {
    get: (id) => call.get(path(id)),
    list: (filter = {}) => call.list('/receipts', filter),
    pdf: (id, { lang } = {}) => call.download(`${path(id)}.pdf`, { lang }),
  }
}
