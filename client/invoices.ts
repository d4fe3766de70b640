import type { OutsidePayment } from './outside-payments.ts'
import type { Call, PostOptions } from './call.ts'
import type { List, Paging } from './list.ts'
import type { Environment, Language, Metadata, Payment, Provider } from './payments.ts'

export type NewInvoice = {
  /** What is owed: 100 lines at most. */
  lines: {
    description: string
    /** 1 by default; three decimals at most. */
    quantity?: number | string
    /** Shillings. */
    unit_amount: number | string
    /** In percent, such as `16`; none by default. */
    tax_rate?: number | string
  }[]
  /** True where the unit amounts have the tax in them; else it is added. */
  tax_included?: boolean
  currency?: 'KES'
  /** `mpesa` by default. */
  provider?: Provider
  /** Which of your accounts it is to be paid to, by its name or id; the default one where none is named. */
  account?: string
  /** What its customer types as the account at the paybill: 1 to 12 characters; one of Lango's where none is given. */
  reference?: string
  description?: string
  customer?: { name?: string; email?: string; phone?: string; language?: Language }
  /** Whether it may be paid in parts. Where nothing is said, only one beyond what a single payment takes may. */
  instalments?: boolean
  /** A day, such as `2026-12-31`. */
  due_date?: string
  /** True to send it to `customer.email` at once. */
  send?: boolean
  /** False, and its customer is never reminded of it by mail. */
  reminders?: boolean
  metadata?: Metadata
  return_url?: string
}

export type InvoiceStatus = 'open' | 'part_paid' | 'paid' | 'overpaid' | 'void'

/** What a customer owes, and how much of it is paid. */
export type Invoice = {
  id: string
  merchant_id: string
  environment: Environment
  provider: Provider
  account: string
  status: InvoiceStatus
  /** What its customer types as the account at the paybill. */
  reference: string
  description: string | null
  customer: { name: string | null; email: string | null; phone: string | null; language: Language | null }
  currency: 'KES'
  lines: {
    description: string
    quantity: string
    unit_amount: string
    tax_rate: string
    tax: string
    amount: string
  }[]
  tax_included: boolean
  subtotal: string
  tax: string
  total: string
  /** What was put to it, and stayed. */
  amount_paid: string
  /** How much of that was paid elsewhere, as two people say: no provider tells of it. */
  amount_paid_outside: string
  amount_due: string
  /** What is beyond it: the credit of whoever paid. */
  amount_over: string
  instalments: boolean
  due_date: string | null
  is_overdue: boolean
  /** When it was last sent by mail to the address that its customer has. */
  sent_at: string | null
  /** Whether its customer is reminded of it, once it was sent by mail. */
  reminders: boolean
  /** The page at which it is paid. */
  url: string
  return_url: string | null
  metadata: Metadata
  version: number
  idempotency_key: string | null
  created_at: string
  paid_at: string | null
  voided_at: string | null
}

/** What of a payment was put to an invoice, and stayed. */
export type InvoicePart = { payment_id: string; receipt: string | null; amount: string; paid_at: string }

/** A letter about an invoice. `kept` where the installation has no SMTP server. */
export type InvoiceMail = {
  kind: 'invoice' | 'invoice_reminder'
  to: string
  status: 'waiting' | 'sent' | 'kept' | 'failed'
  created_at: string
  sent_at: string | null
}

/** How the customer of an invoice is written to: all that may be changed of one. */
export type InvoiceChange = { reminders?: boolean; customer?: { email?: string; language?: Language } }

export type InvoiceFilter = Paging & {
  status?: InvoiceStatus
  /** Past their due date and not paid. */
  overdue?: boolean
  account?: string
  /** An id in whole, or the beginning of a reference or phone, or of words of the customer's name. */
  search?: string
  reference?: string
  customer_phone?: string
  min_amount?: number | string
  max_amount?: number | string
  since?: string | Date
  until?: string | Date
}

/** How an invoice, or an instalment of it, is to be paid. */
export type InvoicePayment = {
  /** All that is left, where none is given. */
  amount?: number | string
  provider?: Provider
  account?: string
  /** Who pays, where that is not the customer of the invoice. Pesaflow needs `name` and `id_number`. */
  customer?: { name?: string; email?: string; phone?: string; id_number?: string; language?: Language }
  /** With it the phone rings at once; without it the payment waits at its `checkout_url`. */
  phone?: string
  callback_url?: string
  return_url?: string
}

export type Invoices = {
  create(invoice: NewInvoice, options?: PostOptions): Promise<Invoice>
  get(
    id: string,
  ): Promise<Invoice & { payments: InvoicePart[]; outside_payments: OutsidePayment[]; mails: InvoiceMail[] }>
  list(filter?: InvoiceFilter): List<Invoice>
  /** Begins a payment of an invoice. It is paid when the money has come: that comes as a webhook. */
  settle(id: string, how?: InvoicePayment, options?: PostOptions): Promise<Payment>
  /** Sends it to its customer by mail, or sends it again. */
  send(id: string): Promise<Invoice>
  /** Changes how its customer is written to. At a new address it was not sent yet. */
  update(id: string, change: InvoiceChange): Promise<Invoice>
  /** Makes one void to which nothing is put: nobody owes it any longer. */
  void(id: string): Promise<Invoice>
}

export function invoices(call: Call): Invoices {
  const path = (id: string) => `/invoices/${encodeURIComponent(id)}`
  return {
    create: (invoice, options) => call.post('/invoices', invoice, options),
    get: (id) => call.get(path(id)),
    list: (filter = {}) => call.list('/invoices', filter),
    settle: (id, how = {}, options) => call.post(`${path(id)}/settle`, how, options),
    send: (id) => call.post(`${path(id)}/send`),
    update: (id, change) => call.patch(path(id), change),
    void: (id) => call.post(`${path(id)}/void`),
  }
}
