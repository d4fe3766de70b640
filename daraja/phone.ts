declare const phone: unique symbol

/** A Kenyan mobile number as Daraja wants it: `254` and nine digits, without a plus. */
export type Phone = string & { readonly [phone]: true }

const WRITTEN = /^(?:tel:)?(?:(?:\+|00)?254)?0?([17]\d{8})$/i
/** What people and programs put between digits, and whatever nobody sees. */
const SEPARATORS = /[\s\p{Dash}.()\p{Default_Ignorable_Code_Point}\p{Format}\p{Control}]/gu

/**
 * Reads a phone number in any form in which people write it: `0712 345 678`, `0110-345-678`, `712345678`,
 * `+254 (0)712 345678`, `254712345678`, `00254712345678`, `tel:+254712345678`, with characters that nobody sees. Numbers move between operators, so no prefix is refused.
 * `undefined` for anything else.
 *
 * @example parsePhone('0712 345 678') // '254712345678'
 */
export function parsePhone(text: string): Phone | undefined {
  const digits = WRITTEN.exec(text.normalize('NFKC').replace(SEPARATORS, ''))?.[1]
  return digits === undefined ? undefined : toPhone(`254${digits}`)
}

/**
 * As people read it.
 *
 * @example formatPhone('254712345678') // '0712 345 678'
 */
export function formatPhone(number: string): string {
  const local = number.replace(/^254/, '0')
  return `${local.slice(0, 4)} ${local.slice(4, 7)} ${local.slice(7)}`
}

/**
 * Hides all but the operator's prefix and the last three digits, as people read it.
 *
 * @example maskPhone('254712345678') // '0712 *** 678'
 */
export function maskPhone(number: string): string {
  const [prefix, , last] = formatPhone(number).split(' ')
  return `${prefix} *** ${last}`
}

/**
 * Tells whether a number that Safaricom masked can be this one. The forms in which C2B, Ratiba and statements mask:
 * `2547 ***** 126`, `25470****149`, `254******867`, `*********149`, `0712***678`. The stars need not be as many as the digits
 * they hide, so only what stands before and after them is compared; text that shows fewer than three digits fits nothing.
 */
export function fitsMask(number: Phone, masked: string): boolean {
  const [before, after, ...more] = masked.replace(SEPARATORS, '').replace(/^\+/, '').replace(/^0/, '254').split(/\*+/)
  if (before === undefined || after === undefined || more.length > 0) return false
  const shown = before + after
  if (!/^\d{3,11}$/.test(shown)) return false
  return number.startsWith(before) && number.endsWith(after)
}

/** SHA-256 of the twelve digits in lower-case hex: how C2B version 1 hides the payer's number. */
export async function hashPhone(number: Phone): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(number))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function toPhone(text: string): Phone {
  return text as Phone
}
