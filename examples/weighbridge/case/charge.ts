import { LangoError } from '@lango/client'
import { caseName } from './case.ts'
import { caseOf, write } from './station.ts'
import type { Station } from './station.ts'

/**
 * Makes the invoice of an overload at Lango. However often it is called, there is one: the key stands in the file before Lango is
 * asked. While Lango is not reached, the file waits for the next round.
 */
export async function charge(station: Station, number: number): Promise<void> {
  const { first, status } = caseOf(station, number)
  if (status !== 'overloaded') return
  const { judgement, plate, driver } = first
  const line = `Overload of ${judgement.over_kg.toLocaleString('en')} kg, ${plate}`
  try {
    const invoice = await station.lango.invoices.create(
      {
        provider: 'pesaflow',
        description: `Prosecution ${caseName(number)}`,
        lines: [{ description: line, unit_amount: judgement.fee_shillings }],
        instalments: true,
        customer: { name: driver.name, ...(driver.phone && { phone: driver.phone }) },
        metadata: { case_number: String(number) },
        return_url: `${station.url}/cases/${number}`,
      },
      { idempotencyKey: first.charge_key },
    )
    const { id: invoice_id, reference, total: amount, url } = invoice
    write(station, number, { type: 'charged', invoice_id, reference, amount, url }, invoice_id)
  } catch (error) {
    if (!(error instanceof LangoError)) throw error
    console.error(`${caseName(number)} could not be charged yet: ${error.message}`)
  }
}

/** Charges what could not be charged before. */
export async function chargeAll(station: Station): Promise<void> {
  for (const number of station.store.having('overloaded', 'charged')) await charge(station, number)
}
