import { createHash } from 'node:crypto'
import { firstIdOf, newId, toUuid } from '../id.ts'

// The first digit of the random part of a UUIDv7.
const markAt = 24

/**
 * A new id of a payment. One bit of it says whether the payment is of an invoice: a callback knows no more of its payment than
 * the id, and the statement that settles it has the part of invoices only where it is needed.
 */
export function newPaymentId(now: Date, { hasInvoice }: { hasInvoice: boolean }): string {
  return marked(newId(now), hasInvoice)
}

/** The id of the payment that is made of money which came by itself: one for each name of a receipt, however often it is asked for. */
export function idOfPaymentBy(receiptName: string, paidAt: Date): string {
  const hash = createHash('sha256').update(receiptName).digest('hex')
  const time = firstIdOf(paidAt).replace('-', '').slice(0, 12)
  return marked(toUuid(`${time}7${hash.slice(0, 3)}8${hash.slice(3, 18)}`), true)
}

/** False for a payment that is surely of no invoice. */
export function mayHaveInvoice(id: string): boolean {
  return parseInt(id[markAt]!, 16) >= 8
}

function marked(id: string, isMarked: boolean): string {
  const digit = (parseInt(id[markAt]!, 16) & 7) | (isMarked ? 8 : 0)
  return id.slice(0, markAt) + digit.toString(16) + id.slice(markAt + 1)
}
