export type { Acceptance } from './acceptance.ts'
export type { Account, AccountChange, AccountCredentials, NewAccount, PesaflowCredentials } from './accounts.ts'
export type { Attention, AttentionFilter, AttentionItem } from './attention.ts'
export type { LangoOptions, PostOptions } from './call.ts'
export { LangoError } from './error.ts'
export type { LineFault } from './error.ts'
export type {
  AttentionEventData,
  EventPattern,
  EventType,
  InvoiceEventData,
  LangoEvent,
  MoneyEventData,
  PaymentEventData,
  PayoutEventData,
  ReceiptEventData,
  ReconciliationEventData,
  RefundEventData,
} from './event.ts'
export type { Delivery, DeliveryAttempt, DeliveryFilter, EventFilter, Redelivery } from './events.ts'
export type {
  Invoice,
  InvoiceChange,
  InvoiceFilter,
  InvoiceMail,
  InvoicePart,
  InvoicePayment,
  InvoiceStatus,
  NewInvoice,
} from './invoices.ts'
export { createLango } from './lango.ts'
export type { Lango } from './lango.ts'
export type { List, Page } from './list.ts'
export type { MoneyIn, MoneyInFilter } from './money-in.ts'
export type { Balance, C2bRegistration, C2bRule, NewC2bRule, NewQrCode, QrCode } from './mpesa.ts'
export type {
  NewOutsidePayment,
  OutsideMethod,
  OutsidePayment,
  OutsidePaymentFilter,
  OutsidePaymentStatus,
} from './outside-payments.ts'
export type {
  Evidence,
  Failure,
  Language,
  NewPayment,
  OfAccount,
  Payment,
  PaymentFilter,
  PaymentStatus,
} from './payments.ts'
export type { NewPaymentLink, PaymentLink, PaymentLinkFilter, Poster } from './payment-links.ts'
export type { NewPayoutBatch, PayoutBatch, PayoutBatches } from './payout-batches.ts'
export type { NewPayout, Payout, PayoutFilter, PayoutReason, PayoutStatus } from './payouts.ts'
export type {
  ReconciliationItem,
  ReconciliationItemFilter,
  ReconciliationReport,
  ReconciliationRun,
  ReconciliationRunFilter,
  ReconciliationState,
  StatementPreview,
  StatementWord,
} from './reconciliation.ts'
export type { Receipt, ReceiptFilter } from './receipts.ts'
export type { NewRefund, Refund, RefundFilter, RefundStatus } from './refunds.ts'
export { signWebhook, verifyWebhook } from './webhook.ts'
export type { SignedHeaders, SignOptions, VerifyOptions, WebhookHeaders } from './webhook.ts'
export type {
  NewWebhookEndpoint,
  WebhookEndpoint,
  WebhookEndpointChange,
  WebhookEndpointWithSecret,
  WebhookTest,
} from './webhook-endpoints.ts'
export type { ListenedAttempt, NewWebhookListener, WaitingDelivery, WebhookListener } from './webhook-listeners.ts'
