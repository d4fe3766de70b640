import type { Context } from '../context.ts'
import { repeated } from '../api/idempotency.ts'
import type { Creation } from '../api/idempotency.ts'
import { accountOf } from '../accounts/find.ts'
import { findPayments } from '../payments/find.ts'
import type { Payment } from '../payments/payment.ts'
import { Problem } from '../problem.ts'
import { findRefund } from './find.ts'
import { commitIntent } from './intent.ts'
import type { RefundInput } from './intent.ts'
import type { Refund } from './refund.ts'
import { requestRefund } from './request.ts'

/**
 * Gives the money of a completed payment back, all or a part: its amount is reserved on the payment and the intent committed
 * with it, then the provider is called, then its answer is kept. Never is more reserved and given back than was received.
 * The outcome comes by callback; until evidence of failure the reservation stays.
 * @throws a Problem for what cannot be refunded.
 */
export async function createRefund(context: Context, input: RefundInput): Promise<Creation<Refund>> {
  const payment = await paymentOf(context, input)
  const account = await accountOf(context, payment)
  const refund = await context.database.transaction((transaction) =>
    commitIntent(context, transaction, { input, payment, account }),
  )
  if (!refund)
    return repeated(context, input.idempotency!, (id) => findRefund(context, { merchant_id: input.merchant_id, id }))
  await requestRefund(context, account, refund)
  return { made: await findRefund(context, refund), isRepeat: false }
}

async function paymentOf(context: Context, { merchant_id, payment_id, mode }: RefundInput): Promise<Payment> {
  const payment = await context.gather(findPayments, { merchant_id, id: payment_id, mode })
  if (payment) return payment
  throw new Problem('not_found', 'There is no such payment, or it is not yours.', 'payment_id')
}
