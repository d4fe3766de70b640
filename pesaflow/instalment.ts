import { readAmount } from './amount.ts'
import type { ReadAmount } from './amount.ts'
import { asObject, asText, parseJson } from './core/json.ts'
import { paidTime, parseTime } from './time.ts'

/** One payment towards a bill: a bill may be paid in several. */
export type Instalment = {
  /** The channel's own proof, e.g. the M-Pesa code. Money is counted by it: the same comes again with every notification. */
  receipt: string
  amountCents: ReadAmount
  currency: string | undefined
  /** When it was paid, with what is known of Pesaflow's wrong zones put right. */
  paidAt: Date | undefined
}

/**
 * Reads `payment_reference`: a list of payments, one of them alone, either as JSON text, or the receipt itself. What has no
 * receipt is left out.
 */
export function readInstalments(value: unknown): Instalment[] {
  const parsed = typeof value === 'string' && /^\s*[[{]/.test(value) ? parseJson(value) : value
  return (Array.isArray(parsed) ? parsed : [parsed]).flatMap(readInstalment)
}

function readInstalment(value: unknown): Instalment[] {
  const fields = asObject(value)
  const receipt = fields ? asText(fields['payment_reference']) : asText(value)
  if (receipt === undefined) return []
  return [
    {
      receipt,
      amountCents: readAmount(fields?.['amount']),
      currency: asText(fields?.['currency']),
      paidAt: paidTime(parseTime(fields?.['payment_date']), parseTime(fields?.['inserted_at'])),
    },
  ]
}

/** When the last of them was paid. */
export function lastPaidAt(instalments: readonly Instalment[]): Date | undefined {
  const times = instalments.flatMap(({ paidAt }) => (paidAt ? [paidAt.getTime()] : []))
  return times.length > 0 ? new Date(Math.max(...times)) : undefined
}
