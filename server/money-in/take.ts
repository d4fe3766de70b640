import type { Mode } from '../access/key.ts'
import type { Repeatable } from '../api/idempotency.ts'
import type { Context } from '../context.ts'
import { newId, showId } from '../id.ts'
import { createPayment } from '../payments/create.ts'
import { settlePayment } from '../payments/settle.ts'
import { Problem } from '../problem.ts'
import { assignMoney } from './assign.ts'
import { findMoney } from './find.ts'
import type { MoneyIn } from './money-in.ts'

/** What somebody at the counter says that money is for, where nothing was asked for. */
export type Taking = {
  merchant_id: string
  mode: Mode
  receipt: string
  /** A reference, or whatever they would call it. */
  what: string
  idempotency?: Repeatable
}

const reference = /^[A-Za-z0-9 ._/-]{1,12}$/

/**
 * Takes money that nobody asked for, for what it is said to be: it becomes the money of a payment made for it, of its amount.
 * Safe to repeat with the same key.
 * @throws a Problem when somebody else has taken it, or when it went back.
 */
export async function takeMoney(
  context: Context,
  { merchant_id, mode, receipt, what, idempotency }: Taking,
): Promise<MoneyIn> {
  const money = await findMoney(context, { merchant_id, mode, receipt, environment: '' })
  if (money.payment_id) throw new Problem('already_assigned', 'Somebody has taken this money already.', 'receipt')
  if (money.reversed_at) throw new Problem('conflict', 'This money went back to the payer.', 'receipt')
  const creation = await createPayment(context, {
    merchant_id,
    mode,
    provider: money.provider,
    account: showId('acc', money.provider_account_id),
    amount_cents: money.amount_cents,
    ...(reference.test(what) ? { account_reference: what } : { description: what }),
    ...(money.payer_name && { customer: { name: money.payer_name } }),
    ...(idempotency && { idempotency }),
  })
  if (!('made' in creation)) throw new Problem('conflict', 'This was sent before. Look whether it was done.')
  const { id: payment_id } = creation.made
  try {
    return await assignMoney(context, { merchant_id, mode, receipt, payment_id })
  } catch (error) {
    // Nobody is to pay at the page of what this money did not become.
    if (error instanceof Problem) await endUnpaid(context, { merchant_id, payment_id })
    throw error
  }
}

async function endUnpaid(context: Context, name: { merchant_id: string; payment_id: string }): Promise<void> {
  const at = context.clock.now()
  await settlePayment(context, {
    ...name,
    id: newId(at),
    source: 'operator',
    at,
    verdict: 'failure',
    failure_code: 'expired',
    message: 'It was made for money that was not to be had any more.',
  })
}
