import { z } from '@hono/zod-openapi'
import type { Config } from '../config.ts'
import { showId } from '../id.ts'
import { lineRow, lineSchema, presentLine } from '../invoices/invoice.ts'
import { toShillings } from '../money.ts'
import type { Payment } from '../payments/payment.ts'
import { showHidden, showMasked } from '../web/parts/phone.ts'
import { receiptUrl, verifyUrl } from './link.ts'

const cents = z.number().int()

const issuerRow = z.object({
  name: z.string(),
  tax_pin: z.string().nullable(),
  vat_rate_points: z.number().int().nullable(),
  address: z.string().nullable(),
  email: z.string().nullable(),
})

/** What of the money was put to an invoice when the receipt was issued. */
const partRow = z.object({ invoice_id: z.string(), reference: z.string(), amount_cents: cents, tax_cents: cents })

/** A row of `receipts`. A test compares its keys and nullability with the catalogue. */
export const receiptRow = z.object({
  merchant_id: z.string(),
  id: z.string(),
  payment_id: z.string(),
  environment: z.enum(['simulator', 'sandbox', 'live']),
  mode: z.enum(['test', 'live']),
  year: z.number().int(),
  number: z.number().int(),
  previous_number: z.number().int().nullable(),
  amount_cents: cents,
  tax_cents: cents,
  issuer: issuerRow,
  invoices: z.array(partRow),
  link_key: z.string(),
  issued_at: z.date(),
  mail_at: z.date().nullable(),
})

/** A document that was issued for money received, as the database holds it. */
export type Receipt = z.infer<typeof receiptRow>

/** A receipt with what its payment says: whose money it is, how it came, and whether it went back. */
export type FoundReceipt = Receipt &
  Pick<
    Payment,
    | 'provider'
    | 'provider_account_id'
    | 'provider_receipt'
    | 'phone'
    | 'payer_phone_masked'
    | 'payer_name'
    | 'payer_email'
    | 'payer_language'
    | 'account_reference'
    | 'sent_reference'
    | 'external_reference'
    | 'description'
    | 'currency'
    | 'refunded_cents'
    | 'reversed_at'
  > & {
    status: 'issued' | 'reversed' | 'replaced'
    paid_at: Date
    /** The lines of the invoices that it is of, which never change. */
    lines: (z.infer<typeof lineRow> & { invoice_id: string })[]
  }

const partSchema = z.object({
  invoice_id: z.string().openapi({ example: 'inv_0193a6c177b27d0e8f21c4d5e6f70812' }),
  reference: z.string().openapi({ example: 'INV-204' }),
  amount: z.string().openapi({ description: 'What of this money was put to it.' }),
  tax: z.string().openapi({ description: 'The share of its tax in that amount.' }),
})

/** A receipt as the outside sees it. */
export const receiptSchema = z
  .object({
    id: z.string(),
    merchant_id: z.string(),
    environment: receiptRow.shape.environment,
    number: z.string().openapi({
      description: 'Without gaps in each year of Nairobi; test and live are counted apart.',
      example: '2026-000123',
    }),
    status: z.enum(['issued', 'reversed', 'replaced']).openapi({
      description:
        'Reversed when all of the money went back; replaced where the money turned out to be of a payment that has another receipt.',
    }),
    payment_id: z.string(),
    amount: z.string(),
    amount_refunded: z.string(),
    tax: z.string().openapi({ description: 'The VAT in the amount.' }),
    currency: z.literal('KES'),
    provider: z.enum(['mpesa', 'pesaflow']),
    account: z.string(),
    provider_receipt: z.string().nullable(),
    account_reference: z.string(),
    external_reference: z.string().nullable(),
    description: z.string().nullable(),
    payer: z.object({ name: z.string().nullable(), email: z.string().nullable(), phone: z.string().nullable() }),
    issuer: z.object({
      name: z.string(),
      tax_pin: z.string().nullable(),
      vat_rate: z.string().nullable(),
      address: z.string().nullable(),
      email: z.string().nullable(),
    }),
    invoices: z.array(partSchema),
    lines: z.array(lineSchema.extend({ invoice_id: z.string() })),
    url: z.string().openapi({ description: 'Its page, for whoever has the link.' }),
    pdf_url: z.string(),
    verify_url: z.string().openapi({ description: 'Where anybody checks it, as its QR code says.' }),
    paid_at: z.string(),
    issued_at: z.string(),
    reversed_at: z.string().nullable(),
  })
  .openapi('Receipt')

/** The number of a receipt as people read it: `2026-000123`. */
export function receiptNumber({ year, number }: Pick<Receipt, 'year' | 'number'>): string {
  return `${year}-${String(number).padStart(6, '0')}`
}

/** The payer's phone so that they know it and nobody else learns it; undefined where none is known. */
export function payerPhone({ phone, payer_phone_masked }: FoundReceipt): string | undefined {
  if (phone) return showMasked(phone)
  return payer_phone_masked ? showHidden(payer_phone_masked) : undefined
}

/** What the money is for, in the merchant's own words. */
export function whatFor({ invoices, account_reference, description, external_reference }: FoundReceipt): string {
  const references = invoices.length > 0 ? invoices.map(({ reference }) => reference) : [account_reference]
  return [...references, description ?? external_reference].filter(Boolean).join(' · ')
}

/** Shows a receipt: shillings for cents, and its addresses. */
export function presentReceipt(
  { config }: { config: Pick<Config, 'publicUrl'> },
  receipt: FoundReceipt,
): z.infer<typeof receiptSchema> {
  const { vat_rate_points, ...issuer } = receipt.issuer
  return {
    id: showId('rct', receipt.id),
    merchant_id: showId('mer', receipt.merchant_id),
    environment: receipt.environment,
    number: receiptNumber(receipt),
    status: receipt.status,
    payment_id: showId('pay', receipt.payment_id),
    amount: toShillings(receipt.amount_cents),
    amount_refunded: toShillings(receipt.refunded_cents),
    tax: toShillings(receipt.tax_cents),
    currency: receipt.currency,
    provider: receipt.provider,
    account: showId('acc', receipt.provider_account_id),
    provider_receipt: receipt.provider_receipt,
    account_reference: receipt.sent_reference,
    external_reference: receipt.external_reference,
    description: receipt.description,
    payer: { name: receipt.payer_name, email: receipt.payer_email, phone: receipt.phone },
    issuer: { ...issuer, vat_rate: vat_rate_points === null ? null : String(vat_rate_points / 100) },
    invoices: receipt.invoices.map(({ invoice_id, reference, amount_cents, tax_cents }) => ({
      invoice_id: showId('inv', invoice_id),
      reference,
      amount: toShillings(amount_cents),
      tax: toShillings(tax_cents),
    })),
    lines: receipt.lines.map(({ invoice_id, ...line }) => ({
      invoice_id: showId('inv', invoice_id),
      ...presentLine(line),
    })),
    url: receiptUrl(config, receipt),
    pdf_url: receiptUrl(config, receipt, '.pdf'),
    verify_url: verifyUrl(config, receipt),
    paid_at: receipt.paid_at.toISOString(),
    issued_at: receipt.issued_at.toISOString(),
    reversed_at: receipt.reversed_at?.toISOString() ?? null,
  }
}
