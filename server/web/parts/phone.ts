import { formatPhone, maskPhone } from '@lango/daraja'

/** A phone number in full, for who may read it: `0712 345 678`. */
export function showPhone(phone: string): string {
  return formatPhone(phone)
}

/** A phone number so that its owner knows it, and nobody else learns it: `0712 ••• 678`. */
export function showMasked(phone: string): string {
  return maskPhone(phone).replace('***', '•••')
}
