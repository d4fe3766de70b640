import type { Context } from '../context.ts'
import type { Account } from '../accounts/account.ts'
import { showId } from '../id.ts'
import { formatKes } from '../money.ts'
import type { Payment } from '../payments/payment.ts'
import { Problem } from '../problem.ts'
import { providerOf, supported } from '../providers/provider-of.ts'

/** What neither went back nor is about to. */
export function leftOf({ received_cents, refunded_cents, reserved_cents }: Payment): number {
  return received_cents - refunded_cents - reserved_cents
}

/** @throws a Problem that says why an amount of a payment cannot be given back, where it cannot. */
export function refuseUnrefundable(
  context: Context,
  { payment, account, amount_cents }: { payment: Payment; account: Account; amount_cents: number },
): void {
  const { refuse } = supported(
    providerOf(context, payment).refunds,
    `Money paid through ${payment.provider} cannot be refunded here.`,
  )
  if (payment.status === 'reversed')
    throw new Problem('not_refundable', 'All of this payment is back with its payer already.', 'payment_id')
  if (payment.status !== 'completed')
    throw new Problem(
      'not_refundable',
      `Only completed payments can be refunded, and this one is ${payment.status === 'failed' ? 'failed' : 'pending'}.`,
      'payment_id',
    )
  if (payment.folded_into) {
    const id = showId('pay', payment.folded_into)
    throw new Problem(
      'not_refundable',
      { said: 'This payment is folded into another, which has its money: refund that one.', byApi: `It is ${id}.` },
      'payment_id',
      {
        payment_id: id,
      },
    )
  }
  if (!payment.provider_receipt)
    throw new Problem(
      'receipt_awaited',
      'The M-Pesa code of this payment is not known yet, and without it nothing can be given back. It is being sought; try again later.',
      'payment_id',
    )
  if (amount_cents > leftOf(payment) || amount_cents <= 0) throw exceeds(payment)
  refuse(account, { amount_cents })
}

function exceeds(payment: Payment): Problem {
  const { received_cents, refunded_cents, reserved_cents } = payment
  const parts = `${formatKes(received_cents)} came, ${formatKes(refunded_cents)} went back and ${formatKes(reserved_cents)} is on its way back`
  const message = `At most ${formatKes(Math.max(0, leftOf(payment)))} shillings can be refunded: ${parts}.`
  return new Problem('refund_exceeds_received', message, 'amount')
}
