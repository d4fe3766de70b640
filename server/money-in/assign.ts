import type { Context } from '../context.ts'
import { newId, showId } from '../id.ts'
import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import { formatKes } from '../money.ts'
import { findPayment } from '../payments/find.ts'
import type { Payment } from '../payments/payment.ts'
import { settlePayment } from '../payments/settle.ts'
import type { PaymentEffect } from '../payments/effect.ts'
import { linkReversals } from '../refunds/link-reversals.ts'
import { Problem } from '../problem.ts'
import { findMoney } from './find.ts'
import type { MoneyIn } from './money-in.ts'
import { refuseGone, taken } from './refuse-assignment.ts'

/**
 * Gives money that no payment explains to a payment, which it completes. Safe to repeat.
 * @throws a Problem when one of them is not the merchant's, when their amounts or environments differ, or when either is taken.
 */
export async function assignMoney(
  context: Context,
  { merchant_id, mode, receipt, payment_id }: { merchant_id: string; mode: Mode; receipt: string; payment_id: string },
): Promise<MoneyIn> {
  const payment = await findPayment(context, { merchant_id, id: payment_id, mode })
  const name = { merchant_id, mode, receipt, environment: payment.environment }
  const money = await findMoney(context, name)
  if (money.payment_id === payment.id) return money
  refuseUnassignable(money, payment)

  const at = context.clock.now()
  const effect = await settlePayment(context, {
    id: newId(at),
    merchant_id,
    payment_id,
    source: 'operator',
    at,
    verdict: 'success',
    receipt,
    amount_cents: money.amount_cents,
    paid_at: money.paid_at ?? undefined,
    message: `Given to this payment by ${context.actor}.`,
  })
  const assigned = await findMoney(context, name)
  if (assigned.payment_id !== payment.id) throw refusal(effect, assigned, payment)
  await linkReversals(context, [{ ...assigned, payment_id }])
  await writeAudit(context.database, context, {
    merchant_id,
    action: 'money.assigned',
    subject: receipt,
    details: { payment_id: showId('pay', payment.id) },
  })
  return assigned
}

const toGiveBack = (why: string) => ({
  said: `${why} Give the money to another payment, or send it back.`,
  byApi: 'That is POST /v1/money-in/{receipt}/refund.',
})

function refuseUnassignable(money: MoneyIn, payment: Payment): void {
  if (money.payment_id) throw taken(money)
  if (money.environment !== payment.environment || money.provider !== payment.provider) {
    throw new Problem(
      'conflict',
      `This money came in by ${money.provider}, ${money.environment}; the payment was made in ${payment.environment}.`,
      'payment_id',
    )
  }
  refuseGone(money)
  if (payment.status === 'reversed')
    throw new Problem('conflict', 'This payment went back to its payer. Make a new one for this money.', 'payment_id')
  if (payment.status === 'completed' && payment.provider_receipt) throw completed(payment)
  const wanted = payment.amount_cents + payment.commission_cents
  if (money.amount_cents !== wanted) {
    throw new Problem(
      'conflict',
      toGiveBack(
        `KES ${formatKes(money.amount_cents)} arrived, and the payment is of KES ${formatKes(wanted)}: the amounts must agree.`,
      ),
      'payment_id',
    )
  }
}

// Somebody else was faster, between the question and the answer.
function refusal(effect: PaymentEffect, money: MoneyIn, payment: Payment): Problem {
  if (money.payment_id) return taken(money)
  if (effect === 'second_receipt') return completed(payment)
  return new Problem(
    'conflict',
    'The payment changed at this moment, and did not take the money. Look at it again.',
    'payment_id',
  )
}

function completed({ provider_receipt }: Payment): Problem {
  return new Problem(
    'conflict',
    toGiveBack(`This payment is completed by the receipt ${provider_receipt}.`),
    'payment_id',
  )
}
