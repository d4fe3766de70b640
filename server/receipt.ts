/** What is in a text and is no part of its meaning: blanks, quotes, and all that nobody sees. */
const unmeant = /[\p{White_Space}\p{Quotation_Mark}\p{Default_Ignorable_Code_Point}\p{Format}\p{Control}`´′″\u2800]/gu
const receipt = /^=?([A-Za-z0-9][A-Za-z0-9-]{3,39})$/

/**
 * The one form of a receipt, in which it is kept, compared and searched: capitals, without blanks, quotes (Excel's `'UKK…` and
 * `="UKK…"` too) and invisible characters. Undefined for a text that is no receipt.
 */
export function normalReceipt(text: string): string | undefined {
  return receipt.exec(text.normalize('NFKC').replace(unmeant, ''))?.[1]?.toUpperCase()
}
