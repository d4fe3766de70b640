/** Why something needs a person, each in a sentence that says what happened and what can be done. */
const sentences = new Map(
  Object.entries<string>({
    // Of payments, refunds and payouts.
    contradicts:
      'M-PESA said that it succeeded, and later that it failed. Compare it with the M-PESA statement of that day.',
    mismatch:
      'A callback with its address names another request. It settled nothing; Lango asks M-PESA what became of this one.',
    unreadable_amount:
      'What M-PESA told has an amount that cannot be read, so that it settled nothing. Look at the evidence, and upload the statement of that day.',
    unreadable_evidence:
      'Something that was told about it could not be stored. The body is kept, and the log says why.',
    wrong_amount:
      'Another amount arrived than was asked for. Give the money to the payment that it was meant for, or send it back.',
    receipt_used: 'The receipt that was told for it belongs to another. Compare both with the M-PESA statement.',
    second_receipt: 'It is paid, and money with another receipt arrived for it. Send one of the two back.',
    no_evidence: 'For 48 hours nothing told whether it was paid. Look for it in the M-PESA statement, or upload that.',
    overpaid: 'More was paid than was asked for. Send the rest back, or agree with its payer what it is for.',
    part_paid: 'A part of it was paid, and the rest never came. Ask for the rest, or send the part back.',
    paid_twice: 'It was paid, and so was the attempt before it: one order, paid twice. Refund one of the two.',
    receipt_awaited:
      'It is paid, and for 48 hours nothing named its receipt. The M-PESA statement of that day does: upload it.',
    unknown_to_provider:
      'The M-PESA statement of its time does not show its receipt. Do not hand over goods before this is clear.',
    failed_at_provider: 'The M-PESA statement says that its transaction failed. Look at both.',
    invoice_void: 'It paid an invoice that is void. Give what came to another invoice, or send it back.',
    already_reversed:
      'M-PESA says that the money went back before, and it is not known how. Compare it with the statement before refunding again.',
    refunded_beyond_received: 'More went back to the payer than came. Look at its refunds.',
    refund_unsettled: 'For 48 hours nothing told what became of the refund. Look for it in the M-PESA statement.',
    payout_unsettled: 'For 48 hours nothing told what became of the payout. Look for it in the M-PESA statement.',
    payout_reversed: 'The payout came back. Pay again if it is still owed.',
    part_returned:
      'Of the payout another amount came back than was sent: its evidence tells how much. Pay again what is still owed.',
    // Of what was paid elsewhere.
    second_look:
      'A person says that an invoice was paid elsewhere. It counts when another person agrees, and pays nothing before.',
    // Of money.
    no_payment:
      'It arrived, and nothing was asked for with its reference and amount. Assign it to a payment or invoices, or send it back.',
    several_payments: 'It arrived, and several payments could be meant. Assign it to one of its candidates.',
    several_invoices: 'It arrived, and several open invoices could be meant. Assign it to one, or to several in parts.',
    credit_left: 'Not all of it was put to invoices. Give the rest to another, or send it back.',
    other_shortcode:
      'It was paid to another short code than those of this merchant, by whose address it was told. Find out whose it is.',
    two_amounts: 'The records of M-PESA show its receipt with two amounts. Compare it with the portal of M-PESA.',
    contradicted: 'M-PESA says that the payment that it could belong to failed. Assign it, or send it back.',
    // Of runs.
    mismatched: 'The records of M-PESA and the books say different things. Its items say which.',
    contradicts_itself:
      'The statement contradicts itself: its lines do not make its own balances or totals. Export it again.',
    // Of what was posted.
    not_acted_on:
      'It was posted to an address that Lango handed out, is kept, and could not be acted on. It may tell of money.',
    without_token:
      'It tells of money, came without a valid token, and is not believed. If the M-PESA statement shows its receipt, upload that.',
  }),
)

/** The sentence for a reason; a word that has none speaks for itself. */
export function explainReason(reason: string): string {
  return sentences.get(reason) ?? `It was set aside: ${reason.replaceAll('_', ' ')}.`
}
