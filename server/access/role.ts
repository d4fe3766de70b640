import { personScopes, scopes } from './scope.ts'
import type { Scope } from './scope.ts'

/** What a person is to a business. */
export const roles = ['owner', 'developer', 'finance', 'cashier', 'viewer'] as const
export type Role = (typeof roles)[number]

const granted: Record<Role, readonly Scope[]> = {
  owner: [...scopes, ...personScopes],
  // Sends no money away, and so makes no key that does.
  developer: [
    'payments:write',
    'refunds:read',
    'payouts:read',
    'invoices:write',
    'merchant:write',
    'reconciliation:read',
    'webhooks:write',
    'keys:write',
    'totals:read',
    'payers:read',
  ],
  finance: [
    'payments:write',
    'refunds:write',
    'payouts:write',
    'invoices:write',
    'merchant:read',
    'reconciliation:write',
    'totals:read',
    'payers:read',
  ],
  // Takes money at the counter, and sees no totals, no refunds, no settings.
  cashier: ['payments:write', 'payers:read'],
  viewer: [
    'payments:read',
    'refunds:read',
    'payouts:read',
    'invoices:read',
    'merchant:read',
    'reconciliation:read',
    'totals:read',
  ],
}

/** What a person of this role may do: of the same scopes that keys have, and of a few that only people have. */
export function scopesOf(role: Role): Scope[] {
  return [...granted[role]]
}
