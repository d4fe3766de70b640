/** Everything that a merchant can be told. */
export const eventTypes = [
  'payment.completed',
  'payment.failed',
  'payment.reversed',
  'refund.completed',
  'refund.failed',
  'payout.completed',
  'payout.failed',
  'payout.returned',
  'attention.needed',
  'invoice.part_paid',
  'invoice.paid',
  'invoice.overpaid',
  'invoice.reopened',
  'receipt.issued',
  'c2b.received',
  'reconciliation.mismatch',
] as const

export type EventType = (typeof eventTypes)[number]
