import type { InvoiceEventData, LangoEvent, ReceiptEventData } from '@lango/client'
import { caseName } from './case.ts'
import { write } from './station.ts'
import type { Station } from './station.ts'

/**
 * What Lango told, its signature verified. The same event may come twice, and an old one after a newer one: a line is written once
 * for each version of an invoice, and how far a case has gone does not depend on their order.
 * @throws LangoError where Lango is not reached: answer no 2xx then, and it comes again
 */
export async function hear(station: Station, { type, data }: LangoEvent): Promise<void> {
  switch (type) {
    case 'invoice.part_paid':
    case 'invoice.paid':
    case 'invoice.overpaid':
      return invoiceMoved(station, data)
    case 'invoice.reopened':
      return reopened(station, data)
    case 'payment.failed': {
      const { payment_id, invoice_id, failure } = data
      const why = failure?.message ?? 'It was not paid.'
      const number = station.store.find(invoice_id ?? '')
      if (number) write(station, number, { type: 'payment_failed', payment_id, why }, `failed:${payment_id}`)
      return
    }
    case 'receipt.issued':
      return receiptIssued(station, data)
  }
}

/** A part of a fine came, or all of it: then the case is closed as paid, and the load may be corrected. */
function invoiceMoved(station: Station, data: InvoiceEventData): void {
  const { invoice_id, version, amount_paid: paid, amount_due: due, status } = data
  const key = `invoice:${invoice_id}:${version}`
  const number = station.store.find(invoice_id)
  if (!number || status === 'open') return
  if (status === 'part_paid') return void write(station, number, { type: 'part_paid', version, paid, due }, key)
  write(station, number, { type: 'paid', version, paid }, key)
  const memo = caseName(number).replace('OVL', 'LCM')
  write(station, number, { type: 'memo_issued', number: memo }, `memo:${number}`)
}

/** What was paid went back, or was not so. Where the truck is by then nobody knows: a person reads it. */
function reopened(
  station: Station,
  { invoice_id, version, amount_paid: paid, amount_due: due }: InvoiceEventData,
): void {
  const number = station.store.find(invoice_id)
  if (number) write(station, number, { type: 'reopened', version, paid, due }, `invoice:${invoice_id}:${version}`)
}

async function receiptIssued(station: Station, { receipt_id, number, invoices }: ReceiptEventData): Promise<void> {
  const cases = invoices.flatMap(({ invoice_id }) => station.store.find(invoice_id) ?? [])
  if (!cases.length) return
  const { url } = await station.lango.receipts.get(receipt_id)
  for (const one of cases) write(station, one, { type: 'receipt_issued', number, url }, `receipt:${receipt_id}`)
}
