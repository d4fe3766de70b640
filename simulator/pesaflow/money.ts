/** As Pesaflow writes amounts: `"105.00"`. */
export const written = (amount: number): string => amount.toFixed(2)

/** Reads `"100"`, `"100.5"` or `"100.00"`, above 0; undefined for anything else. */
export function readAmount(text: string): number | undefined {
  return /^\d{1,10}(\.\d{1,2})?$/.test(text) && Number(text) > 0 ? Number(text) : undefined
}
