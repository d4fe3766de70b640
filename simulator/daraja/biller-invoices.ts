import { readMsisdn } from '../msisdn.ts'
import { readTimestamp } from '../nairobi.ts'
import { findOrganisation } from '../organisation.ts'
import { findPhone, sendMessage } from '../phone.ts'
import type { World } from '../world.ts'
import { findInvoice, saveInvoice } from './biller.ts'
import type { Biller, BillerInvoice } from './biller.ts'
import { conflict } from './conflict.ts'
import { pattern, readFields, text } from './fields.ts'
import type { Field } from './fields.ts'
import { invalid } from './reply.ts'
import type { Reply } from './reply.ts'

/** Whatever it is, it is judged afterwards, in Bill Manager's own words. */
const anything: Field<unknown> = { expects: 'anything', read: (value) => value ?? null }

const fields = {
  externalReference: text(100),
  billedFullName: text(100),
  billedPhoneNumber: anything,
  billedPeriod: text(100),
  invoiceName: text(100),
  dueDate: anything,
  accountReference: text(100),
  amount: pattern(/^\d{1,9}(\.\d{1,2})?$/, 'an amount'),
}

/** An invoice as it was sent in, with what its SMS says. */
type SentInvoice = BillerInvoice & { name: string; period: string; due_date: string }

/** Reads all invoices, or refuses for the first bad one. */
export function readInvoices(
  items: Record<string, unknown>[],
  { shortcode }: Biller,
): { invoices: SentInvoice[] } | { refusal: Reply } {
  const invoices: SentInvoice[] = []
  for (const item of items) {
    const read = readFields(item, fields)
    if ('bad' in read) return { refusal: invalid(read.bad, read.why) }
    const { externalReference, billedPhoneNumber, billedPeriod, invoiceName, dueDate, accountReference, amount } =
      read.values
    const msisdn = readMsisdn(billedPhoneNumber)
    if (msisdn === undefined) return { refusal: conflict('Action forbidden: Incorrect phone number format') }
    const due = readDueDate(dueDate)
    if (due === undefined) return { refusal: conflict('Action forbidden: Incorrect due date format') }
    invoices.push({
      shortcode,
      external_reference: externalReference,
      account_reference: accountReference,
      msisdn,
      amount: Number(amount),
      paid: 0,
      cancelled: false,
      name: invoiceName,
      period: billedPeriod,
      due_date: due,
    })
  }
  return { invoices }
}

/** `2021-10-12`, or that with the time `00:00:00.00`. */
function readDueDate(value: unknown): string | undefined {
  const [, date] = /^(\d{4}-\d\d-\d\d)( \d\d:\d\d:\d\d(\.\d+)?)?$/.exec(String(value)) ?? []
  return date !== undefined && readTimestamp(`${date.replaceAll('-', '')}000000`) !== undefined ? date : undefined
}

/** Keeps an invoice, with what was paid of an earlier form of it, and sends it to the customer by SMS. */
export function sendInvoice(world: World, { name, period, due_date, ...invoice }: SentInvoice): void {
  const { shortcode, external_reference, account_reference, msisdn, amount } = invoice
  const paid = findInvoice(world, shortcode, external_reference)?.paid ?? 0
  saveInvoice(world, { ...invoice, paid })
  const biller = findOrganisation(world, shortcode)?.name ?? shortcode
  sendMessage(
    world,
    findPhone(world, msisdn),
    `${biller}: your invoice ${name} for ${period}, Ksh${amount.toFixed(2)}, is due on ${due_date}. ` +
      `Pay to Paybill ${shortcode}, account ${account_reference}.`,
  )
}
