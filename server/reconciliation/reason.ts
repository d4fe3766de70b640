/** Why a record has its outcome, each in a sentence for whoever keeps the books. */
export const reasons = {
  // Both sides say the same.
  known: 'It is in the books, with this amount, and belongs to this payment, refund or payout.',
  waiting: 'It is in the books, and waits a few minutes for the callback of its payment.',
  reversed: 'It is in the books, and all of it went back to the payer.',
  charge: 'A charge of M-Pesa.',
  transfer: "A transfer between the organisation's own accounts, or to its bank.",
  repeated: 'The line stands in the statement before; it is counted once.',
  // The record told something new.
  completed: 'It completed a payment or payout whose outcome had not been heard.',
  receipt: 'It gave its receipt to a payment or payout that was completed without one.',
  invoice: 'It paid the open invoice that has its reference.',
  refund: 'It completed a refund whose outcome had not been heard.',
  recorded: 'A reversal made at the portal; it is in the books from now on.',
  payout_reversed: 'A payout came back. Look at the payout, and pay again if it is still owed.',
  // The two sides say different things.
  wrong_amount: 'The books have another amount for this receipt.',
  unreadable: 'The record is unreadable: it has no amount, time or receipt that is surely its own.',
  two_amounts:
    'The records of M-PESA show this receipt with two amounts. It is unmatched money until a person has looked.',
  part_returned: 'Of a payout another amount came back than was sent. Look at the payout, and compare it with M-PESA.',
  unknown_to_provider: 'The books have this receipt, and the records of its time do not.',
  failed_at_provider: 'The books have this receipt, and the statement says that the transaction failed.',
  receipt_awaited: 'This payment was completed without a receipt, and no record of its time is surely its own.',
  // Nobody explains the money.
  no_payment: 'No pending payment was sent to this phone with this amount and reference. It is unmatched money.',
  several_payments:
    'More than one payment was sent to this phone with this amount and reference. It is unmatched money.',
  several_invoices: 'More than one open invoice has a reference like this. It is unmatched money.',
  contradicted: 'M-Pesa says that the payment that it could belong to failed. It is unmatched money.',
  second_receipt: 'The payment that it could belong to is paid by another receipt. It is unmatched money.',
  unknown_receipt:
    'A reversal of money that is not in the books: the original is older than they are, or not in this statement; or it does not say which it takes back.',
  no_payout: 'No payout was asked for here with this receiver and amount.',
  several_payouts: 'More than one payout was asked for with this receiver and amount.',
} as const

export type Reason = keyof typeof reasons

/** The sentence for a reason; other words are those by which a payment refused money, and speak for themselves. */
export function explain(reason: string): string {
  return Object.hasOwn(reasons, reason)
    ? reasons[reason as Reason]
    : `It was set aside: ${reason.replaceAll('_', ' ')}.`
}
