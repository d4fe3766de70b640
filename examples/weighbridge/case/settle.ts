import { caseOf, Refusal, write } from './station.ts'
import type { Station } from './station.ts'

/**
 * Brings a driver to eCitizen's page. While a payment is under way it is the same page, however often this is called; after one
 * that failed it is a new one, and the same fine.
 * @returns where the browser is to go
 * @throws Refusal where nothing is to be paid, or nobody is named; LangoError where Lango says no
 */
export async function settle(station: Station, number: number, payer: { name: string; id_number: string }) {
  const { charged, status, settling, entries } = caseOf(station, number)
  if (status !== 'charged' && status !== 'part_paid') throw new Refusal('Nothing is to be paid here.')
  if (settling) return settling.checkout_url
  const name = payer.name.trim()
  const id_number = payer.id_number.trim()
  if (!name || !id_number) throw new Refusal('eCitizen makes a bill out to a name and a number of an identity card.')
  const failures = entries.filter(({ type }) => type === 'payment_failed').length
  const payment = await station.lango.invoices.settle(
    charged!.invoice_id,
    { provider: 'pesaflow', customer: { name, id_number }, return_url: `${station.url}/cases/${number}/back` },
    { idempotencyKey: `${charged!.invoice_id}-${failures + 1}` },
  )
  const { id: payment_id, checkout_url } = payment
  write(station, number, { type: 'settling', payment_id, checkout_url }, payment_id)
  return checkout_url
}

/** A driver came back from eCitizen. It proves nothing: Lango is asked, and what it knows is written. */
export async function comeBack(station: Station, number: number): Promise<void> {
  const { settling } = caseOf(station, number)
  if (!settling) return
  const payment = await station.lango.payments.get(settling.payment_id)
  if (payment.status !== 'pending') return
  const { id: payment_id, amount_received: received } = payment
  write(station, number, { type: 'came_back_unpaid', payment_id, received }, `back:${payment_id}:${received}`)
}
