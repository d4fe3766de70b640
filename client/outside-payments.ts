import type { Call, PostOptions } from './call.ts'
import type { List, Paging } from './list.ts'
import type { Environment } from './payments.ts'

/** By which way something can be paid that no provider sees. */
export type OutsideMethod = 'cash' | 'bank' | 'cheque' | 'ecitizen' | 'other'

/** What a person says of a payment that was made elsewhere. */
export type NewOutsidePayment = {
  /** All that is left to pay, where none is given. */
  amount?: number | string
  method: OutsideMethod
  /** What proves it there: the number of a slip, of a cheque, of another bill at eCitizen. */
  alternate_reference: string
  /** A day of the calendar, `2026-11-25`. */
  paid_on?: string
  /** Who saw what, for the second person. */
  notes: string
}

export type OutsidePaymentStatus = 'awaiting_approval' | 'approved' | 'rejected' | 'withdrawn'

/** What was paid for an invoice where no provider sees it, as a person says. It counts once a second person agrees. */
export type OutsidePayment = {
  id: string
  merchant_id: string
  invoice_id: string
  environment: Environment
  status: OutsidePaymentStatus
  /** A person said so. No provider tells of it. */
  source: 'operator'
  method: OutsideMethod
  alternate_reference: string
  amount: string
  currency: 'KES'
  paid_on: string | null
  notes: string
  created_by: string
  decided_by: string | null
  decision_notes: string | null
  withdrawn_by: string | null
  withdrawal_notes: string | null
  idempotency_key: string | null
  created_at: string
  decided_at: string | null
  withdrawn_at: string | null
}

export type OutsidePaymentFilter = Paging & {
  status?: OutsidePaymentStatus
  invoice_id?: string
  alternate_reference?: string
  since?: string | Date
  until?: string | Date
}

export type OutsidePayments = {
  /** Records that an invoice was paid elsewhere. Nothing is paid by it before a second person agrees. */
  record(invoiceId: string, paid: NewOutsidePayment, options?: PostOptions): Promise<OutsidePayment>
  get(id: string): Promise<OutsidePayment>
  list(filter?: OutsidePaymentFilter): List<OutsidePayment>
  /** Agrees to one, with the key of another person than the one who recorded it: the invoice is paid by it. */
  approve(id: string): Promise<OutsidePayment>
  /** Rejects one that waits: it pays nothing. */
  reject(id: string, because?: { reason?: string }): Promise<OutsidePayment>
  /** Withdraws one that was agreed on: the invoice owes it again. */
  withdraw(id: string, because: { notes: string }): Promise<OutsidePayment>
}

export function outsidePayments(call: Call): OutsidePayments {
  const path = (id: string) => `/outside-payments/${encodeURIComponent(id)}`
  return {
    record: (invoiceId, paid, options) =>
      call.post(`/invoices/${encodeURIComponent(invoiceId)}/outside-payments`, paid, options),
    get: (id) => call.get(path(id)),
    list: (filter = {}) => call.list('/outside-payments', filter),
    approve: (id) => call.postOnce(`${path(id)}/approve`),
    reject: (id, because = {}) => call.postOnce(`${path(id)}/reject`, because),
    withdraw: (id, because) => call.postOnce(`${path(id)}/withdraw`, because),
  }
}
