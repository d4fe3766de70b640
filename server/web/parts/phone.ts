import { formatPhone, maskPhone } from '@lango/daraja'

/** A phone number in full, for who may read it: `0712 345 678`. */
export function showPhone(phone: string): string {
  return formatPhone(phone)
}

/** A phone number so that its owner knows it, and nobody else learns it: `0712 ••• 678`. */
export function showMasked(phone: string): string {
  return maskPhone(phone).replace('***', '•••')
}

/** A number that its provider tells masked, in whichever form, as its owner writes it: `2547 ***** 126` as `07•• ••• 126`. */
export function showHidden(masked: string): string {
  const [, before = '', after = ''] = /^(\d*)\*+(\d*)$/.exec(masked.replaceAll(' ', '')) ?? []
  const first = before.replace(/^254/, '0')
  const hidden = 10 - first.length - after.length
  if (!after || hidden < 0) return masked.replaceAll(/\*+/g, '•••')
  const digits = first + '•'.repeat(hidden) + after
  return `${digits.slice(0, 4)} ${digits.slice(4, 7)} ${digits.slice(7)}`
}
