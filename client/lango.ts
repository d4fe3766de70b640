import { accounts } from './accounts.ts'
import type { Accounts } from './accounts.ts'
import { attention } from './attention.ts'
import type { Attention } from './attention.ts'
import { createCall } from './call.ts'
import type { LangoOptions } from './call.ts'
import { deliveries, events } from './events.ts'
import type { Deliveries, Events } from './events.ts'
import { invoices } from './invoices.ts'
import type { Invoices } from './invoices.ts'
import { moneyIn } from './money-in.ts'
import type { MoneyInCalls } from './money-in.ts'
import { mpesa } from './mpesa.ts'
import type { Mpesa } from './mpesa.ts'
import { outsidePayments } from './outside-payments.ts'
import type { OutsidePayments } from './outside-payments.ts'
import { payments } from './payments.ts'
import type { Payments } from './payments.ts'
import { paymentLinks } from './payment-links.ts'
import type { PaymentLinks } from './payment-links.ts'
import { payoutBatches } from './payout-batches.ts'
import type { PayoutBatches } from './payout-batches.ts'
import { payouts } from './payouts.ts'
import type { Payouts } from './payouts.ts'
import { receipts } from './receipts.ts'
import type { Receipts } from './receipts.ts'
import { reconciliation } from './reconciliation.ts'
import type { Reconciliation } from './reconciliation.ts'
import { refunds } from './refunds.ts'
import type { Refunds } from './refunds.ts'
import { webhookEndpoints } from './webhook-endpoints.ts'
import type { WebhookEndpoints } from './webhook-endpoints.ts'
import { webhookListeners } from './webhook-listeners.ts'
import type { WebhookListeners } from './webhook-listeners.ts'

/** One installation of Lango, seen with one API key. Every call rejects with a LangoError. */
export type Lango = {
  accounts: Accounts
  payments: Payments
  refunds: Refunds
  payouts: Payouts
  payoutBatches: PayoutBatches
  invoices: Invoices
  outsidePayments: OutsidePayments
  paymentLinks: PaymentLinks
  receipts: Receipts
  moneyIn: MoneyInCalls
  attention: Attention
  mpesa: Mpesa
  reconciliation: Reconciliation
  webhookEndpoints: WebhookEndpoints
  webhookListeners: WebhookListeners
  events: Events
  deliveries: Deliveries
}

/**
 * The API of an installation. Nothing is asked before it is used, and nothing is kept.
 *
 * ```ts
 * const lango = createLango({ url: 'http://localhost:4000', key: process.env.LANGO_KEY! })
 * const payment = await lango.payments.create({ amount: 100, phone: '0712345678', account_reference: 'INV-204' })
 * ```
 * @throws LangoError `invalid_options` when url or key cannot be one.
 */
export function createLango(options: LangoOptions): Lango {
  const call = createCall(options)
  return {
    accounts: accounts(call),
    payments: payments(call),
    refunds: refunds(call),
    payouts: payouts(call),
    payoutBatches: payoutBatches(call),
    invoices: invoices(call),
    outsidePayments: outsidePayments(call),
    paymentLinks: paymentLinks(call),
    receipts: receipts(call),
    moneyIn: moneyIn(call),
    attention: attention(call),
    mpesa: mpesa(call),
    reconciliation: reconciliation(call),
    webhookEndpoints: webhookEndpoints(call),
    webhookListeners: webhookListeners(call),
    events: events(call),
    deliveries: deliveries(call),
  }
}
