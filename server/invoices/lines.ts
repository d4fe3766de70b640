import type { Line } from './invoice.ts'

/** A line as a merchant writes it. */
export type PricedLine = Pick<Line, 'description' | 'quantity_thousandths' | 'unit_cents' | 'tax_rate_points'>

export type Totals = { lines: Line[]; subtotal_cents: number; tax_cents: number; total_cents: number }

/**
 * Reckons lines up, in whole cents, each rounded by itself, half of a cent up. Where the unit amounts have the tax in them it is
 * taken out of each line, else it is added.
 */
export function reckon(priced: PricedLine[], { taxIncluded }: { taxIncluded: boolean }): Totals {
  const lines = priced.map((line) => {
    const price = rounded(BigInt(line.quantity_thousandths) * BigInt(line.unit_cents), 1000n)
    const rate = BigInt(line.tax_rate_points)
    const tax_cents = rounded(BigInt(price) * rate, taxIncluded ? 10_000n + rate : 10_000n)
    return { ...line, tax_cents, amount_cents: taxIncluded ? price : price + tax_cents }
  })
  const total_cents = sum(lines.map(({ amount_cents }) => amount_cents))
  const tax_cents = sum(lines.map((line) => line.tax_cents))
  return { lines, subtotal_cents: total_cents - tax_cents, tax_cents, total_cents }
}

function rounded(value: bigint, by: bigint): number {
  return Number((value * 2n + by) / (by * 2n))
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}
