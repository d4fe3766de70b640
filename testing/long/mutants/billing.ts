import type { Mutant } from './mutant.ts'

const byReference = 'server/invoices/by-reference.ts'
const change = 'server/invoices/change.ts'
const invoices = 'server/invoices/invoices.test.ts'
const byHand = 'server/invoices/by-hand.test.ts'
const credit = 'whoever pays at the same time as another makes a credit, and what goes back is taken back'

/** Rules 10, 13 and 15 of invoices: what is put to them, and by whom. */
export const billingMutants: Mutant[] = [
  {
    rule: '13 invoices',
    fault: 'a payment of an invoice is not put to it',
    file: 'server/invoices/put.ts',
    find: "s.last_effect in ('completed', 'part_paid') and s.invoice_id is not null",
    put: 'false',
    test: invoices,
    by: 'an invoice is paid in two instalments, and each is told',
  },
  {
    rule: '13 invoices',
    fault: 'what is beyond an invoice makes no credit',
    file: change,
    find: 'paid_cents: sql`paid`',
    put: 'paid_cents: sql`least(paid, i.total_cents)`',
    test: invoices,
    by: credit,
  },
  {
    rule: '13 invoices',
    fault: 'what goes back stays put to its invoice',
    file: 'server/refunds/settle.ts',
    find: 'if (back.length === 0) return',
    put: 'return',
    test: invoices,
    by: credit,
  },
  {
    rule: '13 invoices',
    fault: 'more of a receipt is put to invoices than came',
    file: 'server/invoices/share.ts',
    find: 'if (sum(moves) > free)',
    put: 'if (sum(moves) < 0)',
    test: 'server/invoices/assign.test.ts',
    by: 'what was paid beyond an invoice is put to a second one',
  },
  {
    rule: '10 C2B',
    fault: 'an instalment by hand finds no invoice of which a part is paid',
    file: byReference,
    find: "i.status in ('open', 'part_paid')",
    put: "i.status = 'open'",
    test: byHand,
    by: 'what is sent by hand with the reference of an open invoice is a payment of it, however the reference is typed',
  },
  {
    rule: '10 C2B',
    fault: 'a payment that was made of money by hand keeps it from the prompt that it was of',
    file: 'server/payments/fold.ts',
    find: "made.origin === 'c2b' &&",
    put: "made.origin === 'api' &&",
    test: byHand,
    by: 'a prompt whose own callback names the money that came by hand takes it over, and nothing counts or is told twice',
  },
  {
    rule: '10 C2B',
    fault: 'money that a prompt takes over is told of again',
    file: 'server/payments/fold.ts',
    find: '{ takesOver: true }',
    put: '{ takesOver: false }',
    test: byHand,
    by: 'a prompt whose own callback names the money that came by hand takes it over, and nothing counts or is told twice',
  },
  {
    rule: '15 references as people type them',
    fault: 'of two invoices that look alike the exact one is not preferred',
    file: byReference,
    find: 'return exact.length > 0 ? exact : alike',
    put: 'return alike',
    test: byHand,
    by: 'of two references that look alike the exact one is paid, and where none is exact a person decides',
  },
]
