/**
 * The one form in which references are compared, however people type them: capitals, letters and digits only. `rent 12`,
 * `RENT-12` and `Rent12 ` are one. Empty for a reference that has neither letter nor digit.
 */
export function normalReference(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[^\p{Letter}\p{Number}]/gu, '')
    .toUpperCase()
}

/** True for two references that a person would take for the same. */
export function isSameReference(one: string, other: string): boolean {
  const normal = normalReference(one)
  return one.trim() === other.trim() || (normal !== '' && normal === normalReference(other))
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** The reference that a payment is sent with when its merchant gave none: 10 characters that its id decides. */
export function ownReference(id: string): string {
  let rest = BigInt(`0x${id.replaceAll('-', '').slice(-13)}`)
  let reference = ''
  for (let index = 0; index < 10; index++) {
    reference += letters[Number(rest % 32n)]
    rest /= 32n
  }
  return reference
}

/**
 * A reference as it was written, without what a copy from a page or a sheet brings along: other blanks than the keyboard's
 * become one of it, and what nobody sees goes.
 */
export function writtenReference(text: string): string {
  return text
    .replace(/[\p{Space_Separator}\u2800]/gu, ' ')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Format}]/gu, '')
    .trim()
}
