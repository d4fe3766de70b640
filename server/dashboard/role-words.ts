import type { Role } from '../access/role.ts'

/** A role in the words of one who gives it, or is given it. */
export const roleWords: Record<Role, { name: string; what: string }> = {
  owner: { name: 'Owner', what: 'Everything, and who else may do what.' },
  developer: { name: 'Developer', what: 'Payments, keys, accounts and webhooks. Sends no money away.' },
  finance: { name: 'Finance', what: 'Payments, refunds, payouts, reconciliation.' },
  cashier: { name: 'Cashier', what: 'The counter: takes money. No totals, no refunds, no settings.' },
  viewer: { name: 'Viewer', what: 'Looks at everything, changes nothing. Payers’ numbers are hidden.' },
}
