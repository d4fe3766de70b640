import type { AttentionItem } from './attention.ts'
import type { InvoiceStatus } from './invoices.ts'
import type { Receipt } from './receipts.ts'
import type { ReconciliationReport } from './reconciliation.ts'
import type { Environment, Failure, Metadata, PaymentStatus, Provider } from './payments.ts'

/** What can be asked for in a webhook endpoint's `events`. */
export type EventType =
  | 'payment.completed'
  | 'payment.failed'
  | 'payment.reversed'
  | 'refund.completed'
  | 'refund.failed'
  | 'payout.completed'
  | 'payout.failed'
  | 'payout.returned'
  | 'attention.needed'
  | 'invoice.part_paid'
  | 'invoice.paid'
  | 'invoice.overpaid'
  | 'invoice.reopened'
  | 'receipt.issued'
  | 'c2b.received'
  | 'reconciliation.mismatch'

/** What an endpoint asks for: one type, all of a noun, or all; those that come to be known later are included. */
export type EventPattern = EventType | `${NounOf<EventType>}.*` | '*'

type NounOf<Type> = Type extends `${infer Noun}.${string}` ? Noun : never

/** What the data of nearly every event says. */
type EventData = {
  merchant_id: string
  environment: Environment
  /** Counts the status changes of what the event is about: a lower one that comes later is old news. */
  version: number
  amount: string
  currency: 'KES'
  provider: Provider
  /** The account that it happened at. */
  account: string
}

export type PaymentEventData = EventData & {
  payment_id: string
  /** What the provider took on top, from the payer: no part of `amount`. */
  commission: string
  status: PaymentStatus
  provider_ref: string | null
  /** The M-Pesa code; `null` while it is being sought. */
  provider_receipt: string | null
  phone: string | null
  account_reference: string
  external_reference: string | null
  /** The invoice that it is of. */
  invoice_id: string | null
  /** The failed payment that its payer tried again at the checkout. It is for the same order, and has its references. */
  retry_of: string | null
  failure: Failure | null
  metadata: Metadata
  /** The money came after `payment.failed` had been sent. */
  late: boolean
  paid_at: string | null
}

export type RefundEventData = EventData & {
  refund_id: string
  payment_id: string | null
  status: 'completed' | 'failed'
  provider_receipt: string | null
  payment_receipt: string
  origin: 'api' | 'dashboard' | 'portal'
  reason: string | null
  failure: Failure | null
  late: boolean
}

export type PayoutEventData = EventData & {
  payout_id: string
  kind: 'b2c' | 'pochi' | 'b2b'
  status: 'completed' | 'failed' | 'returned'
  provider_receipt: string | null
  phone: string | null
  shortcode: string | null
  account_reference: string | null
  external_reference: string | null
  failure: Failure | null
  metadata: Metadata
  late: boolean
  paid_at: string | null
}

/** What was put to an invoice, or taken back. `amount` is that of the whole invoice. */
export type InvoiceEventData = EventData & {
  invoice_id: string
  status: Exclude<InvoiceStatus, 'void'>
  reference: string
  amount_paid: string
  /** How much of that was paid elsewhere, as two people say: no provider tells of it. */
  amount_paid_outside: string
  amount_due: string
  /** What is beyond it: the credit of whoever paid. */
  amount_over: string
  customer: { name: string | null; email: string | null; phone: string | null }
  due_date: string | null
  metadata: Metadata
  paid_at: string | null
}

/** A receipt as it was issued: all that a tax system asks for. */
export type ReceiptEventData = EventData & {
  receipt_id: string
  payment_id: string
  status: 'issued'
  /** Without gaps in each year of Nairobi, such as `2026-000123`. */
  number: string
  /** The VAT in the amount. */
  tax: string
  provider_receipt: string | null
  account_reference: string
  external_reference: string | null
  description: string | null
  payer: Receipt['payer']
  issuer: Receipt['issuer']
  invoices: Receipt['invoices']
  /** The lines of the invoices that it is of, whole. */
  lines: Receipt['lines']
  metadata: Metadata
  paid_at: string
  issued_at: string
}

/** Money that a customer sent from the M-PESA menu, whether or not a payment explains it. */
export type MoneyEventData = EventData & {
  money_in_id: string
  provider_receipt: string
  account_reference: string | null
  payer: { name: string | null; phone: string | null }
  paid_at: string | null
}

/** A reconciliation run in which the two sides say different things. */
export type ReconciliationEventData = Omit<EventData, 'amount' | 'currency'> & {
  run_id: string
  source: 'pull' | 'statement'
  from: string
  until: string
  report: ReconciliationReport
}

/** Something that needs a person, with all its reasons. */
export type AttentionEventData = {
  /** The id of what needs a person. */
  id: string
  kind: AttentionItem['kind']
  merchant_id: string
  environment: Environment | null
  version: number
  reasons: string[]
  since: string
  amount: string | null
  currency: 'KES'
  provider_receipt: string | null
  account_reference: string | null
}

type Of<Type extends string, Data> = { id: string; type: Type; created_at: string; data: Data }

/** Something that happened. `switch (event.type)` tells what `event.data` is. The same `id` may come more than once. */
export type LangoEvent =
  | Of<'payment.completed' | 'payment.failed' | 'payment.reversed', PaymentEventData>
  | Of<'refund.completed' | 'refund.failed', RefundEventData>
  | Of<'payout.completed' | 'payout.failed' | 'payout.returned', PayoutEventData>
  | Of<'c2b.received', MoneyEventData>
  | Of<'reconciliation.mismatch', ReconciliationEventData>
  | Of<'attention.needed', AttentionEventData>
  | Of<'invoice.part_paid' | 'invoice.paid' | 'invoice.overpaid' | 'invoice.reopened', InvoiceEventData>
  | Of<'receipt.issued', ReceiptEventData>
  | Of<'webhook.test', { endpoint_id: string; merchant_id: string }>
