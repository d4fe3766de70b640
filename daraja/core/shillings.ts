import { asNumber, asText } from './json.ts'

const JAVA_MAP_AMOUNT = /BasicAmount=(-?\d+(?:\.\d+)?)/

/**
 * Reads an amount in shillings in any of Daraja's ways to write one: `10`, `10.0`, `"10.00"`, and the printed Java map
 * `{Amount={CurrencyCode=KES, MinimumAmount=618683, BasicAmount=6186.83}}`. `undefined` for anything else, the empty
 * string included.
 */
export function readShillings(value: unknown): number | undefined {
  return asNumber(value) ?? asNumber(JAVA_MAP_AMOUNT.exec(asText(value) ?? '')?.[1])
}
