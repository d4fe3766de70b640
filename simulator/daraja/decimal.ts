declare global {
  interface JSON {
    /** In Node since 21; the compiler's library does not know it yet. */
    rawJSON(text: string): unknown
  }
}

/** A number that keeps its decimals in JSON: `1.00`, not `1`. Strict parsers see a difference, so it is kept. */
export const decimal = (amount: number, places = 2): unknown => JSON.rawJSON(amount.toFixed(places))
