import type { MoneyIn } from '../../money-in/money-in.ts'
import { showHidden, showMasked } from '../../web/parts/phone.ts'

/** The phone that money came from, so that its owner knows it; nothing where none is known. */
export function maskedOf({ phone, phone_masked }: Pick<MoneyIn, 'phone' | 'phone_masked'>): string {
  if (phone) return showMasked(phone)
  return phone_masked === null ? '' : showHidden(phone_masked)
}
