import { z } from '@hono/zod-openapi'
import { showId } from '../id.ts'
import { calendarDay } from '../invoices/invoice.ts'
import { toShillings } from '../money.ts'

const time = z.date()

/** By which way something can be paid that no provider of Lango's sees. */
export const methods = ['cash', 'bank', 'cheque', 'ecitizen', 'other'] as const

/** A row of `outside_payments`. A test compares its keys and nullability with the catalogue. */
export const outsidePaymentRow = z.object({
  merchant_id: z.string(),
  id: z.string(),
  invoice_id: z.string(),
  environment: z.enum(['simulator', 'sandbox', 'live']),
  status: z.enum(['awaiting_approval', 'approved', 'rejected', 'withdrawn']),
  method: z.enum(methods),
  /** What proves it elsewhere: the number of a slip, a cheque, another bill. */
  alternate_reference: z.string(),
  /** By which the same one is found, however people type it. */
  reference_key: z.string(),
  amount_cents: z.number().int(),
  currency: z.literal('KES'),
  paid_on: time.nullable(),
  notes: z.string(),
  idempotency_key: z.string().nullable(),
  created_by: z.string(),
  /** Who stands behind that. They do not agree with themselves. */
  person: z.string(),
  decided_by: z.string().nullable(),
  decided_at: time.nullable(),
  decision_notes: z.string().nullable(),
  withdrawn_by: z.string().nullable(),
  withdrawn_at: time.nullable(),
  withdrawal_notes: z.string().nullable(),
  attention_told: z.boolean(),
  looked_at: time.nullable(),
  created_at: time,
  updated_at: time,
})

/**
 * What was paid for an invoice where no provider could see it, as a person says, and a second person agrees. It is no payment and
 * no money in: what providers are asked about, and compared with, has none of it.
 */
export type OutsidePayment = z.infer<typeof outsidePaymentRow>

/** What was paid elsewhere as the outside sees it. */
export const outsidePaymentSchema = z.object({
  id: z.string(),
  merchant_id: z.string(),
  invoice_id: z.string(),
  environment: outsidePaymentRow.shape.environment,
  status: outsidePaymentRow.shape.status,
  source: z.literal('operator').openapi({ description: 'A person said so. No provider tells of it.' }),
  method: outsidePaymentRow.shape.method,
  alternate_reference: z.string(),
  amount: z.string(),
  currency: outsidePaymentRow.shape.currency,
  paid_on: z.string().nullable().openapi({ example: '2026-11-25' }),
  notes: z.string(),
  created_by: z.string(),
  decided_by: z.string().nullable(),
  decision_notes: z.string().nullable(),
  withdrawn_by: z.string().nullable(),
  withdrawal_notes: z.string().nullable(),
  idempotency_key: z.string().nullable(),
  created_at: z.string(),
  decided_at: z.string().nullable(),
  withdrawn_at: z.string().nullable(),
})

/** Shows what was paid elsewhere: the same names, fewer of them, and shillings for cents. */
export function presentOutsidePayment(row: OutsidePayment): z.infer<typeof outsidePaymentSchema> {
  return {
    id: showId('out', row.id),
    merchant_id: showId('mer', row.merchant_id),
    invoice_id: showId('inv', row.invoice_id),
    environment: row.environment,
    status: row.status,
    source: 'operator',
    method: row.method,
    alternate_reference: row.alternate_reference,
    amount: toShillings(row.amount_cents),
    currency: row.currency,
    paid_on: row.paid_on && calendarDay(row.paid_on),
    notes: row.notes,
    created_by: row.created_by,
    decided_by: row.decided_by,
    decision_notes: row.decision_notes,
    withdrawn_by: row.withdrawn_by,
    withdrawal_notes: row.withdrawal_notes,
    idempotency_key: row.idempotency_key,
    created_at: row.created_at.toISOString(),
    decided_at: row.decided_at?.toISOString() ?? null,
    withdrawn_at: row.withdrawn_at?.toISOString() ?? null,
  }
}
