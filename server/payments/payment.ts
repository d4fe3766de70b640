import { z } from '@hono/zod-openapi'
import type { Config } from '../config.ts'
import { showId } from '../id.ts'
import { languages } from '../languages.ts'
import { toShillings } from '../money.ts'

const cents = z.number().int()
const time = z.date()

/** A row of `payments`. A test compares its keys and nullability with the catalogue. */
export const paymentRow = z.object({
  merchant_id: z.string(),
  id: z.string(),
  provider_account_id: z.string(),
  provider: z.enum(['mpesa', 'pesaflow']),
  environment: z.enum(['simulator', 'sandbox', 'live']),
  origin: z.enum(['api', 'checkout', 'invoice', 'link', 'c2b']),
  status: z.enum(['created', 'pending', 'completed', 'failed', 'reversed']),
  version: z.number(),
  provider_outcome: z.enum(['accepted', 'refused', 'unknown']).nullable(),
  currency: z.literal('KES'),
  amount_cents: cents,
  commission_cents: cents,
  received_cents: cents,
  reserved_cents: cents,
  refunded_cents: cents,
  phone: z.string().nullable(),
  payer_phone_masked: z.string().nullable(),
  payer_phone_hash: z.string().nullable(),
  payer_name: z.string().nullable(),
  payer_email: z.string().nullable(),
  payer_id_number: z.string().nullable(),
  payer_language: z.enum(languages).nullable(),
  account_reference: z.string().nullable(),
  sent_reference: z.string(),
  /** By which it is matched: the capitals, letters and digits of what was sent. */
  reference_key: z.string(),
  external_reference: z.string().nullable(),
  description: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  invoice_id: z.string().nullable(),
  /** How much of it was put to invoices, and stayed. */
  allocated_cents: cents,
  /** The payment that took its receipt over, since it was of the same money. */
  folded_into: z.string().nullable(),
  link_id: z.string().nullable(),
  retry_of: z.string().nullable(),
  callback_url: z.string().nullable(),
  return_url: z.string().nullable(),
  idempotency_key: z.string().nullable(),
  provider_ref: z.string().nullable(),
  merchant_request_id: z.string().nullable(),
  provider_receipt: z.string().nullable(),
  /** The receipts that add up to what it received, where it may be paid in parts. */
  part_receipts: z.array(z.string()).nullable(),
  /** The page of the provider at which it is paid. */
  provider_checkout_url: z.string().nullable(),
  failure_code: z.string().nullable(),
  failure_message: z.string().nullable(),
  failure_provider_code: z.string().nullable(),
  late: z.boolean(),
  settled_by: z.string().nullable(),
  last_effect: z.string().nullable(),
  needs_attention: z.array(z.string()).nullable(),
  attention_since: z.date().nullable(),
  attention_told: z.boolean(),
  requested_at: time.nullable(),
  paid_at: time.nullable(),
  completed_at: time.nullable(),
  failed_at: time.nullable(),
  reversed_at: time.nullable(),
  created_at: time,
  updated_at: time,
  check_at: time.nullable(),
  checks: z.number(),
  checked_at: time.nullable(),
  receipt_due_at: time.nullable(),
  /** When a receipt of ours is to be issued. */
  issue_at: time.nullable(),
  receipt_id: z.string().nullable(),
  lane: z.number().nullable(),
})

/** One attempt to collect an amount from one payer, as the database holds it. */
export type Payment = z.infer<typeof paymentRow>

/** A payment as the outside sees it. */
export const paymentSchema = z.object({
  id: z.string(),
  merchant_id: z.string(),
  environment: paymentRow.shape.environment,
  amount: z.string(),
  currency: paymentRow.shape.currency,
  commission: z.string().openapi({
    description: 'What the provider takes on top, from the payer. It is not yours, and no part of `amount`.',
  }),
  gross_amount: z.string().openapi({ description: 'What the payer pays: amount and commission.' }),
  provider: paymentRow.shape.provider,
  account: z.string().openapi({ description: 'The account that it was made with, and keeps.' }),
  status: z.enum(['pending', 'completed', 'failed', 'reversed']),
  provider_outcome: paymentRow.shape.provider_outcome,
  provider_ref: z.string().nullable(),
  provider_receipt: z.string().nullable(),
  failure: z
    .object({ code: z.string(), message: z.string().nullable(), provider_code: z.string().nullable() })
    .nullable(),
  phone: z.string().nullable(),
  payer: z.object({
    name: z.string().nullable(),
    email: z.string().nullable(),
    phone_masked: z.string().nullable(),
    language: z.enum(languages).nullable().openapi({ description: 'In which they are written to, where it is known.' }),
  }),
  account_reference: z.string(),
  external_reference: z.string().nullable(),
  description: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  amount_received: z.string(),
  amount_refunded: z.string(),
  origin: paymentRow.shape.origin,
  retry_of: z.string().nullable().openapi({
    description: 'The failed payment that this one tried again, at the checkout or by the API: the same order.',
  }),
  late: z.boolean(),
  version: z.number(),
  needs_attention: z.array(z.string()).nullable(),
  checkout_url: z.string().openapi({
    description: 'Where the payer pays: a page of Lango, or of the provider where it has its own.',
  }),
  return_url: z.string().nullable(),
  invoice_id: z.string().nullable(),
  link_id: z.string().nullable(),
  folded_into: z.string().nullable().openapi({
    description:
      'The payment that turned out to be of the same money, and has it: this one was made of it when it came by itself. It is in no list.',
  }),
  receipt_id: z
    .string()
    .nullable()
    .openapi({ description: 'The receipt that was issued for it, moments after it was completed.' }),
  idempotency_key: z.string().nullable(),
  created_at: z.string(),
  paid_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  failed_at: z.string().nullable(),
  reversed_at: z.string().nullable(),
})

/** Shows a payment: the same names, fewer of them, shillings for cents, and `created` as `pending`. */
export function presentPayment(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  payment: Payment,
): z.infer<typeof paymentSchema> {
  const id = showId('pay', payment.id)
  return {
    id,
    merchant_id: showId('mer', payment.merchant_id),
    environment: payment.environment,
    amount: toShillings(payment.amount_cents),
    currency: payment.currency,
    commission: toShillings(payment.commission_cents),
    gross_amount: toShillings(payment.amount_cents + payment.commission_cents),
    provider: payment.provider,
    account: showId('acc', payment.provider_account_id),
    status: payment.status === 'created' ? 'pending' : payment.status,
    provider_outcome: payment.provider_outcome,
    provider_ref: payment.provider_ref,
    provider_receipt: payment.provider_receipt,
    failure:
      payment.status === 'failed'
        ? {
            code: payment.failure_code!,
            message: payment.failure_message,
            provider_code: payment.failure_provider_code,
          }
        : null,
    phone: payment.phone,
    payer: {
      name: payment.payer_name,
      email: payment.payer_email,
      phone_masked: payment.payer_phone_masked,
      language: payment.payer_language,
    },
    account_reference: payment.sent_reference,
    external_reference: payment.external_reference,
    description: payment.description,
    metadata: payment.metadata,
    amount_received: toShillings(payment.received_cents),
    amount_refunded: toShillings(payment.refunded_cents),
    origin: payment.origin,
    retry_of: payment.retry_of && showId('pay', payment.retry_of),
    late: payment.late,
    version: payment.version,
    needs_attention: payment.needs_attention,
    checkout_url: payment.provider_checkout_url ?? checkoutUrl({ publicUrl }, payment),
    return_url: payment.return_url,
    invoice_id: payment.invoice_id && showId('inv', payment.invoice_id),
    link_id: payment.link_id && showId('lnk', payment.link_id),
    folded_into: payment.folded_into && showId('pay', payment.folded_into),
    receipt_id: payment.receipt_id && showId('rct', payment.receipt_id),
    idempotency_key: payment.idempotency_key,
    created_at: payment.created_at.toISOString(),
    paid_at: payment.paid_at?.toISOString() ?? null,
    completed_at: payment.completed_at?.toISOString() ?? null,
    failed_at: payment.failed_at?.toISOString() ?? null,
    reversed_at: payment.reversed_at?.toISOString() ?? null,
  }
}

/** The page at which a payer pays, and sees what became of it. */
function checkoutUrl({ publicUrl }: Pick<Config, 'publicUrl'>, { id }: Pick<Payment, 'id'>): string {
  return `${publicUrl}/pay/${showId('pay', id)}`
}
