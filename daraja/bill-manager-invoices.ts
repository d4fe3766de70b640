import type { Daraja } from './client.ts'
import { callBillManager } from './core/bill-manager-call.ts'
import type { BillManagerDone, WithAppKey } from './core/bill-manager-call.ts'
import { lengthObjection, phoneObjection, refuseLocally } from './core/objections.ts'
import type { Objection, SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { formatNairobi } from './nairobi.ts'

const INVOICES_MAX = 1000

/** An invoice of Bill Manager. */
export type BillManagerInvoice = {
  /** Your own id of the invoice; unique. */
  externalReference: string
  customerName: string
  /** A Safaricom number, `07…` or `2547…`. */
  customerPhone: string
  /** E.g. `August 2021`. */
  period: string
  name: string
  dueDate: Date
  /** What the customer enters as account. */
  accountReference: string
  /** Shillings. */
  amount: number
  /** Shillings too. */
  items?: readonly { name: string; amount: number }[]
}

export type OneInvoice = WithAppKey & { invoice: BillManagerInvoice }

/** Up to 1000. */
export type ManyInvoices = WithAppKey & { invoices: readonly BillManagerInvoice[] }

/**
 * Sends an invoice to a customer by SMS (`POST /v1/billmanager-invoice/single-invoicing`). A reference that was used before is
 * refused with code 409, so asking again does no harm. Never throws.
 *
 * @example await sendInvoice(daraja, { appKey, invoice: { externalReference: 'INV-7', amount: 800, … } })
 */
export function sendInvoice(
  daraja: Daraja,
  request: OneInvoice,
  options: SendOptions = {},
): Promise<Outcome<BillManagerDone>> {
  return callWithOne(daraja, { ...request, operation: 'single-invoicing' }, options)
}

/** Sends up to 1000 invoices (`bulk-invoicing`). Never throws. */
export function sendInvoices(
  daraja: Daraja,
  request: ManyInvoices,
  options: SendOptions = {},
): Promise<Outcome<BillManagerDone>> {
  return callWithMany(daraja, { ...request, operation: 'bulk-invoicing' }, options)
}

/** Replaces an invoice (`change-invoice`). Safaricom names the operation, but documents no body; this sends all of it. */
export function changeInvoice(
  daraja: Daraja,
  request: OneInvoice,
  options: SendOptions = {},
): Promise<Outcome<BillManagerDone>> {
  return callWithOne(daraja, { ...request, operation: 'change-invoice' }, options)
}

/** Replaces several invoices (`change-invoices`), as undocumented as `changeInvoice`. */
export function changeInvoices(
  daraja: Daraja,
  request: ManyInvoices,
  options: SendOptions = {},
): Promise<Outcome<BillManagerDone>> {
  return callWithMany(daraja, { ...request, operation: 'change-invoices' }, options)
}

/** Takes an invoice back (`cancel-single-invoice`). One that is paid, if only in part, cannot be. Never throws. */
export function cancelInvoice(
  daraja: Daraja,
  { appKey, externalReference }: WithAppKey & { externalReference: string },
): Promise<Outcome<BillManagerDone>> {
  return callBillManager(daraja, { appKey, operation: 'cancel-single-invoice', body: { externalReference } })
}

/** Takes several invoices back (`cancel-bulk-invoices`). Never throws. */
export function cancelInvoices(
  daraja: Daraja,
  { appKey, externalReferences }: WithAppKey & { externalReferences: readonly string[] },
): Promise<Outcome<BillManagerDone>> {
  const body = externalReferences.map((externalReference) => ({ externalReference }))
  return callBillManager(daraja, { appKey, operation: 'cancel-bulk-invoices', body })
}

async function callWithOne(
  daraja: Daraja,
  { appKey, invoice, operation }: OneInvoice & { operation: string },
  options: SendOptions,
): Promise<Outcome<BillManagerDone>> {
  const refusal = refuseLocally(invoiceObjections(invoice), options)
  return refusal ?? (await callBillManager(daraja, { appKey, operation, body: invoiceBody(invoice) }))
}

async function callWithMany(
  daraja: Daraja,
  { appKey, invoices, operation }: ManyInvoices & { operation: string },
  options: SendOptions,
): Promise<Outcome<BillManagerDone>> {
  const tooMany =
    invoices.length > INVOICES_MAX ? `No more than ${INVOICES_MAX} invoices fit in one request.` : undefined
  const refusal = refuseLocally([tooMany, ...invoices.flatMap(invoiceObjections)], options)
  return refusal ?? (await callBillManager(daraja, { appKey, operation, body: invoices.map(invoiceBody) }))
}

function invoiceBody(invoice: BillManagerInvoice) {
  return {
    externalReference: invoice.externalReference,
    billedFullName: invoice.customerName,
    billedPhoneNumber: invoice.customerPhone,
    billedPeriod: invoice.period,
    invoiceName: invoice.name,
    dueDate: formatNairobi(invoice.dueDate, 'yyyy-MM-dd'),
    accountReference: invoice.accountReference,
    amount: String(invoice.amount),
    invoiceItems: invoice.items?.map(({ name, amount }) => ({ itemName: name, amount: String(amount) })),
  }
}

function invoiceObjections(invoice: BillManagerInvoice): Objection[] {
  return [
    phoneObjection(invoice.customerPhone),
    invoice.amount > 0 ? undefined : 'The amount must be above 0.',
    lengthObjection('external reference', invoice.externalReference, 1, 100),
    lengthObjection('account reference', invoice.accountReference, 1, 100),
  ]
}
