/** What a key may do, each by its noun. To write includes to read. */
export const scopes = [
  'payments:read',
  'payments:write',
  'refunds:read',
  'refunds:write',
  'payouts:read',
  'payouts:write',
  'invoices:read',
  'invoices:write',
  'merchant:read',
  'merchant:write',
  'reconciliation:read',
  'reconciliation:write',
  'webhooks:read',
  'webhooks:write',
  'keys:write',
  'audit:read',
] as const
export type KeyScope = (typeof scopes)[number]

/** What only a person may do, or see. No key has these. */
export const personScopes = [
  /** Sums, lists of what was, and exports: how much the business takes. */
  'totals:read',
  /** The whole number of a payer, where others see its last digits. */
  'payers:read',
  /** Who works here, in which role. */
  'team:write',
] as const
export type Scope = KeyScope | (typeof personScopes)[number]

/** Whether scopes are enough for one: to write includes to read. */
export function grants(granted: Scope[], wanted: Scope): boolean {
  if (granted.includes(wanted)) return true
  return wanted.endsWith(':read') && granted.includes(wanted.replace(':read', ':write') as Scope)
}

/** What a key of these scopes may do: one that reads payments reads what went back of them. */
export function scopesOfKey(granted: KeyScope[]): Scope[] {
  return grants(granted, 'payments:read') ? [...granted, 'refunds:read'] : granted
}
