import { z } from '@hono/zod-openapi'
import { kinds } from '../attention/source.ts'
import type { EventType } from '../events/event-type.ts'
import { receiptSchema } from '../receipts/receipt.ts'
import { reportSchema } from '../reconciliation/report.ts'

const id = (prefix: string) => z.string().openapi({ example: `${prefix}_0193a6c177b27d0e8f21c4d5e6f70812` })
const time = z.string().openapi({ format: 'date-time', example: '2026-03-01T10:00:05.000Z' })
const amount = z.string().openapi({ example: '500.00' })
const receipt = z.string().openapi({ example: 'UKK7X2M4QA' })
const metadata = z.record(z.string(), z.unknown()).openapi({ example: { order: 'A-17' } })

const failure = z
  .strictObject({ code: z.string(), message: z.string().nullable(), provider_code: z.string().nullable() })
  .nullable()

/** What nearly every event says of what it is about. */
const common = {
  merchant_id: id('mer'),
  environment: z.enum(['simulator', 'sandbox', 'live']),
  version: z.number().int().openapi({
    description: 'Counts the status changes of what the event is about: a lower one that comes later is old news.',
    example: 1,
  }),
  provider: z.enum(['mpesa', 'pesaflow']),
  account: id('acc'),
}
const money = { amount, currency: z.literal('KES') }
const late = z.boolean().openapi({ description: 'The money came after a failure had been told.' })

const payment = z
  .strictObject({
    payment_id: id('pay'),
    ...common,
    ...money,
    commission: z
      .string()
      .openapi({ description: 'What the provider took on top, from the payer: no part of amount.' }),
    status: z.enum(['completed', 'failed', 'reversed']),
    provider_ref: z.string().nullable(),
    provider_receipt: receipt.nullable().openapi({ description: 'The M-Pesa code; null while it is being sought.' }),
    phone: z.string().nullable(),
    account_reference: z.string(),
    external_reference: z.string().nullable(),
    invoice_id: id('inv').nullable(),
    retry_of: id('pay').nullable(),
    failure,
    metadata,
    late,
    paid_at: time.nullable(),
  })
  .openapi('PaymentEventData')

const refund = z
  .strictObject({
    refund_id: id('ref'),
    payment_id: id('pay').nullable(),
    ...common,
    ...money,
    status: z.enum(['completed', 'failed']),
    provider_receipt: receipt.nullable(),
    payment_receipt: receipt,
    origin: z.enum(['api', 'dashboard', 'portal']),
    reason: z.string().nullable(),
    failure,
    late,
  })
  .openapi('RefundEventData')

const payout = z
  .strictObject({
    payout_id: id('pot'),
    ...common,
    ...money,
    kind: z.enum(['b2c', 'pochi', 'b2b']),
    status: z.enum(['completed', 'failed', 'returned']),
    provider_receipt: receipt.nullable(),
    phone: z.string().nullable(),
    shortcode: z.string().nullable(),
    account_reference: z.string().nullable(),
    external_reference: z.string().nullable(),
    failure,
    metadata,
    late,
    paid_at: time.nullable(),
  })
  .openapi('PayoutEventData')

const moneyIn = z
  .strictObject({
    money_in_id: id('min'),
    ...common,
    ...money,
    provider_receipt: receipt,
    account_reference: z.string().nullable(),
    payer: z.strictObject({ name: z.string().nullable(), phone: z.string().nullable() }),
    paid_at: time.nullable(),
  })
  .openapi('MoneyInEventData')

const mismatch = z
  .strictObject({
    run_id: id('rec'),
    ...common,
    source: z.enum(['pull', 'statement']),
    from: time,
    until: time,
    report: reportSchema,
  })
  .openapi('ReconciliationEventData')

const attention = z
  .strictObject({
    id: z.string().openapi({ description: 'Of what needs a person.', example: 'pay_0193a6c177b27d0e8f21c4d5e6f70812' }),
    kind: z.enum(kinds),
    merchant_id: id('mer'),
    environment: common.environment.nullable(),
    version: common.version,
    reasons: z.array(z.string()).openapi({ description: 'All of them.', example: ['wrong_amount'] }),
    since: time,
    amount: amount.nullable(),
    currency: z.literal('KES'),
    provider_receipt: receipt.nullable(),
    account_reference: z.string().nullable(),
  })
  .openapi('AttentionEventData')

const invoice = z
  .strictObject({
    invoice_id: id('inv'),
    ...common,
    ...money,
    status: z.enum(['open', 'part_paid', 'paid', 'overpaid']),
    reference: z.string().openapi({ example: 'INV-204' }),
    amount_paid: amount.openapi({ description: 'What was put to it, and stayed.' }),
    amount_paid_outside: amount.openapi({
      description: 'How much of that was paid elsewhere, as two people say: no provider tells of it.',
    }),
    amount_due: amount,
    amount_over: amount.openapi({ description: 'What is beyond it: the credit of whoever paid.' }),
    customer: z.strictObject({
      name: z.string().nullable(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
    }),
    due_date: z.string().nullable().openapi({ example: '2026-12-31' }),
    metadata,
    paid_at: time.nullable(),
  })
  .openapi('InvoiceEventData')

const receiptIssued = z
  .strictObject({
    receipt_id: id('rct'),
    payment_id: id('pay'),
    ...common,
    ...money,
    status: z.literal('issued'),
    number: z.string().openapi({ description: 'Without gaps in each year of Nairobi.', example: '2026-000123' }),
    tax: amount.openapi({ description: 'The VAT in the amount.', example: '68.97' }),
    provider_receipt: receipt.nullable(),
    account_reference: z.string(),
    external_reference: z.string().nullable(),
    description: z.string().nullable(),
    payer: z.strictObject({ name: z.string().nullable(), email: z.string().nullable(), phone: z.string().nullable() }),
    issuer: receiptSchema.shape.issuer,
    invoices: receiptSchema.shape.invoices,
    lines: receiptSchema.shape.lines.openapi({ description: 'The lines of the invoices that it is of, whole.' }),
    metadata,
    paid_at: time,
    issued_at: time,
  })
  .openapi('ReceiptEventData')

/** Each event that is told: when, and what its data says. */
export const toldEvents: Record<EventType, { summary: string; data: z.ZodType }> = {
  'payment.completed': { summary: 'A payment is paid, also one that had failed before (late).', data: payment },
  'payment.failed': { summary: 'A payment was not paid, with the reason.', data: payment },
  'payment.reversed': { summary: 'All that a payment received went back.', data: payment },
  'refund.completed': { summary: 'Money went back, also by a hand at the portal of M-PESA.', data: refund },
  'refund.failed': { summary: 'M-PESA says that a refund did not happen.', data: refund },
  'payout.completed': { summary: 'A payout arrived.', data: payout },
  'payout.failed': { summary: 'M-PESA says that a payout did not happen.', data: payout },
  'payout.returned': { summary: 'A payout had arrived, and all of it came back.', data: payout },
  'invoice.part_paid': { summary: 'Something was put to an invoice, and more is left to pay.', data: invoice },
  'invoice.paid': { summary: 'An invoice is paid, to the cent.', data: invoice },
  'invoice.overpaid': { summary: 'More was put to an invoice than it asks for.', data: invoice },
  'invoice.reopened': {
    summary: 'Money of an invoice went back or was given away: more is left to pay.',
    data: invoice,
  },
  'receipt.issued': {
    summary: 'The receipt of a payment was issued, with all that a tax system asks for.',
    data: receiptIssued,
  },
  'c2b.received': { summary: 'A customer sent money of their own accord.', data: moneyIn },
  'reconciliation.mismatch': { summary: 'The records of M-PESA and the books say different things.', data: mismatch },
  'attention.needed': { summary: 'Something needs a person, for a new reason.', data: attention },
}
