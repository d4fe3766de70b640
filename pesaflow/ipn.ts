import { readAmount } from './amount.ts'
import type { ReadAmount } from './amount.ts'
import { asObject, asText, parseJson } from './core/json.ts'
import type { JsonObject } from './core/json.ts'
import { lastPaidAt, readInstalments } from './instalment.ts'
import type { Instalment } from './instalment.ts'
import { parseTime } from './time.ts'

/** What a notification claims of a bill. It is no proof: ask for the status before you believe it. */
export type Ipn = {
  /** Pesaflow's word, e.g. `settled`. */
  status: string | undefined
  /** Pesaflow's number of the bill. */
  invoiceNumber: string | undefined
  /** Your reference of it. */
  reference: string | undefined
  currency: string | undefined
  /** All that was paid so far. */
  paidCents: ReadAmount
  invoiceCents: ReadAmount
  /** The last payment alone. */
  lastPaymentCents: ReadAmount
  instalments: Instalment[]
  paidAt: Date | undefined
  /** The payer's number as it came: `254…` or `07…`. */
  phone: string | undefined
  /** E.g. `MPESA`. */
  channel: string | undefined
  accountNumber: string | undefined
  /** What `secure_hash`, or `token_hash` in the variant, says. */
  hash: string | undefined
  /** Every field that is text or a number, as it came: what a hash is made of. */
  fields: Readonly<Record<string, string>>
}

/**
 * Reads a notification (IPN), in each form that was seen or is documented: JSON or a form, `secure_hash` or `token_hash`,
 * `payment_reference` as a list or as the receipt itself, amounts as text or numbers. The body may come parsed or as text.
 * `undefined` for what is no notification.
 *
 * @example parseIpn(await request.text())?.invoiceNumber // 'GWLQKD'
 */
export function parseIpn(body: unknown): Ipn | undefined {
  const json = typeof body === 'string' ? readText(body) : asObject(body)
  if (!json) return undefined
  const [invoiceNumber, reference] = [asText(json['invoice_number']), asText(json['client_invoice_ref'])]
  const status = asText(json['status'])
  const instalments = readInstalments(json['payment_reference'])
  const namesBill = invoiceNumber !== undefined || reference !== undefined
  if (!namesBill || (status === undefined && json['amount_paid'] === undefined && instalments.length === 0))
    return undefined
  const lastPaymentCents = readAmount(json['last_payment_amount'])
  return {
    status,
    invoiceNumber,
    reference,
    currency: asText(json['currency']),
    paidCents: readAmount(json['amount_paid']),
    invoiceCents: readAmount(json['invoice_amount']),
    lastPaymentCents,
    instalments: instalments.length === 1 ? withAmount(instalments, lastPaymentCents) : instalments,
    paidAt: lastPaidAt(instalments) ?? parseTime(json['payment_date']),
    phone: asText(json['phone_number']),
    channel: asText(json['payment_channel']),
    accountNumber: asText(json['account_number']),
    hash: asText(json['secure_hash']) ?? asText(json['token_hash']),
    fields: textFields(json),
  }
}

/** A lone receipt without an amount is the last payment's. */
function withAmount(instalments: Instalment[], lastPaymentCents: ReadAmount): Instalment[] {
  return instalments.map((one) => ({ ...one, amountCents: one.amountCents ?? lastPaymentCents }))
}

function readText(text: string): JsonObject | undefined {
  const trimmed = text.replace(/^\uFEFF/, '').trim()
  return trimmed.startsWith('{') ? asObject(parseJson(trimmed)) : readForm(trimmed)
}

const NESTED = /^payment_reference\[(\d*)\]\[(\w+)\]$/

/** A form, in which PHP and its like spell a list as `payment_reference[0][amount]`. */
function readForm(text: string): JsonObject | undefined {
  if (!text.includes('=') || text.startsWith('<')) return undefined
  const fields: Record<string, unknown> = {}
  const list = new Map<string, Record<string, string>>()
  for (const [name, value] of new URLSearchParams(text)) {
    const [, place, member] = NESTED.exec(name) ?? []
    if (place === undefined || member === undefined) fields[name] = value
    else list.set(place, { ...list.get(place), [member]: value })
  }
  return list.size > 0 ? { ...fields, payment_reference: [...list.values()] } : fields
}

function textFields(json: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  )
}
