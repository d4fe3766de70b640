import { dayOf } from '../day.ts'
import { z } from '@hono/zod-openapi'
import type { Config } from '../config.ts'
import { showId } from '../id.ts'
import { toShillings } from '../money.ts'
import { languages } from '../languages.ts'

const cents = z.number().int()

/** One line of an invoice, as it is kept: what, how many thousandths of it, at how much each. Taxes are hundredths of a percent. */
export const lineRow = z.object({
  description: z.string(),
  quantity_thousandths: z.number().int(),
  unit_cents: cents,
  tax_rate_points: z.number().int(),
  amount_cents: cents,
  tax_cents: cents,
})
export type Line = z.infer<typeof lineRow>

/** A row of `invoices`. A test compares its keys and nullability with the catalogue. */
export const invoiceRow = z.object({
  merchant_id: z.string(),
  id: z.string(),
  provider_account_id: z.string(),
  provider: z.enum(['mpesa', 'pesaflow']),
  environment: z.enum(['simulator', 'sandbox', 'live']),
  status: z.enum(['open', 'part_paid', 'paid', 'overpaid', 'void']),
  version: z.number(),
  reference: z.string(),
  /** By which it is found, however people type it. */
  reference_key: z.string(),
  description: z.string().nullable(),
  customer_name: z.string().nullable(),
  customer_email: z.string().nullable(),
  customer_phone: z.string().nullable(),
  customer_language: z.enum(languages).nullable(),
  lines: z.array(lineRow),
  tax_included: z.boolean(),
  currency: z.literal('KES'),
  subtotal_cents: cents,
  tax_cents: cents,
  total_cents: cents,
  paid_cents: cents,
  /** How much of that was paid elsewhere, as people say: no provider tells of it. */
  outside_cents: cents,
  instalments: z.boolean(),
  due_on: z.date().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  return_url: z.string().nullable(),
  idempotency_key: z.string().nullable(),
  paid_at: z.date().nullable(),
  voided_at: z.date().nullable(),
  /** When it was sent by mail to the address that it has. */
  sent_at: z.date().nullable(),
  reminders: z.boolean(),
  remind_at: z.date().nullable(),
  created_at: z.date(),
  updated_at: z.date(),
})

/** What a customer owes, and how much of it is paid, as the database holds it. */
export type Invoice = z.infer<typeof invoiceRow>

export const lineSchema = z.object({
  description: z.string(),
  quantity: z.string().openapi({ example: '2' }),
  unit_amount: z.string(),
  tax_rate: z.string().openapi({ description: 'In percent.', example: '16' }),
  tax: z.string(),
  amount: z.string().openapi({ description: 'With its tax.' }),
})

/** An invoice as the outside sees it. */
export const invoiceSchema = z
  .object({
    id: z.string(),
    merchant_id: z.string(),
    environment: invoiceRow.shape.environment,
    provider: invoiceRow.shape.provider,
    account: z
      .string()
      .openapi({ description: 'The account that it is paid to, unless a payment of it names another.' }),
    status: invoiceRow.shape.status,
    reference: z.string().openapi({ description: 'What its customer types as the account at the paybill.' }),
    description: z.string().nullable(),
    customer: z.object({
      name: z.string().nullable(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
      language: z
        .enum(languages)
        .nullable()
        .openapi({ description: 'In which mail is written; else in that of the merchant.' }),
    }),
    currency: invoiceRow.shape.currency,
    lines: z.array(lineSchema),
    tax_included: z.boolean().openapi({ description: 'True where the unit amounts have the tax in them.' }),
    subtotal: z.string(),
    tax: z.string(),
    total: z.string(),
    amount_paid: z.string().openapi({ description: 'What was put to it, and stayed.' }),
    amount_paid_outside: z.string().openapi({
      description: 'How much of that was paid elsewhere, as two people say: no provider tells of it.',
    }),
    amount_due: z.string(),
    amount_over: z.string().openapi({ description: 'What is beyond it: the credit of whoever paid.' }),
    instalments: z.boolean().openapi({ description: 'True where it may be paid in parts.' }),
    due_date: z.string().nullable().openapi({ example: '2026-12-31' }),
    is_overdue: z.boolean(),
    sent_at: z
      .string()
      .nullable()
      .openapi({ description: 'When it was last sent by mail to the address that its customer has.' }),
    reminders: z
      .boolean()
      .openapi({ description: 'Whether its customer is reminded of it, once it was sent by mail.' }),
    url: z.string().openapi({ description: 'The page at which it is paid.' }),
    return_url: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()),
    version: z.number(),
    idempotency_key: z.string().nullable(),
    created_at: z.string(),
    paid_at: z.string().nullable(),
    voided_at: z.string().nullable(),
  })
  .openapi('Invoice')

/** Shows an invoice: shillings for cents, and what follows from its row and the day. */
export function presentInvoice(
  { config, clock }: { config: Pick<Config, 'publicUrl'>; clock: { now(): Date } },
  invoice: Invoice,
): z.infer<typeof invoiceSchema> {
  return {
    id: showId('inv', invoice.id),
    merchant_id: showId('mer', invoice.merchant_id),
    environment: invoice.environment,
    provider: invoice.provider,
    account: showId('acc', invoice.provider_account_id),
    status: invoice.status,
    reference: invoice.reference,
    description: invoice.description,
    customer: {
      name: invoice.customer_name,
      email: invoice.customer_email,
      phone: invoice.customer_phone,
      language: invoice.customer_language,
    },
    currency: invoice.currency,
    lines: invoice.lines.map(presentLine),
    tax_included: invoice.tax_included,
    subtotal: toShillings(invoice.subtotal_cents),
    tax: toShillings(invoice.tax_cents),
    total: toShillings(invoice.total_cents),
    amount_paid: toShillings(invoice.paid_cents),
    amount_paid_outside: toShillings(invoice.outside_cents),
    amount_due: toShillings(dueOf(invoice)),
    amount_over: toShillings(overOf(invoice)),
    instalments: invoice.instalments,
    due_date: invoice.due_on && calendarDay(invoice.due_on),
    is_overdue: isOverdue(invoice, clock.now()),
    sent_at: invoice.sent_at?.toISOString() ?? null,
    reminders: invoice.reminders,
    url: `${config.publicUrl}/pay/${showId('inv', invoice.id)}`,
    return_url: invoice.return_url,
    metadata: invoice.metadata,
    version: invoice.version,
    idempotency_key: invoice.idempotency_key,
    created_at: invoice.created_at.toISOString(),
    paid_at: invoice.paid_at?.toISOString() ?? null,
    voided_at: invoice.voided_at?.toISOString() ?? null,
  }
}

/** Shows a line: shillings, percent and quantities as people write them. */
export function presentLine(line: Line): z.infer<typeof lineSchema> {
  return {
    description: line.description,
    quantity: String(line.quantity_thousandths / 1000),
    unit_amount: toShillings(line.unit_cents),
    tax_rate: String(line.tax_rate_points / 100),
    tax: toShillings(line.tax_cents),
    amount: toShillings(line.amount_cents),
  }
}

/** What is left to pay. Of a void invoice nothing is. */
export function dueOf({
  status,
  total_cents,
  paid_cents,
}: Pick<Invoice, 'status' | 'total_cents' | 'paid_cents'>): number {
  return status === 'void' ? 0 : Math.max(0, total_cents - paid_cents)
}

/** What was paid beyond the invoice; of a void one, all of it. */
export function overOf({
  status,
  total_cents,
  paid_cents,
}: Pick<Invoice, 'status' | 'total_cents' | 'paid_cents'>): number {
  return status === 'void' ? paid_cents : Math.max(0, paid_cents - total_cents)
}

/** True from the day after the due one on, in Nairobi, while something is left to pay. */
export function isOverdue(invoice: Invoice, now: Date): boolean {
  const { due_on } = invoice
  return due_on !== null && dueOf(invoice) > 0 && calendarDay(due_on) < dayOf(now)
}

/** A day as calendars name it, `2026-12-31`. What the driver makes of a `date` is the midnight of this machine. */
export function calendarDay(day: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}
