import type { Account } from './account.ts'

/** Where an account is paid to, as people name it: `till 832909`, `paybill 174379`, `eCitizen service 48798`. */
export function placeOf({
  provider,
  type,
  till,
  shortcode,
}: Pick<Account, 'provider' | 'type' | 'till' | 'shortcode'>): string {
  if (provider === 'pesaflow') return `eCitizen service ${till ?? shortcode}`
  return type === 'till' ? `till ${till ?? shortcode}` : `paybill ${shortcode}`
}
