import type { Callback } from '../callbacks/callback.ts'
import { callIntoQuestion } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { formatKes } from '../money.ts'
import { findReceived } from './find.ts'
import type { MoneyName } from './money-in.ts'

/**
 * One receipt is of one amount: where a body that is kept tells of another than the books have, a person is shown it. Answers
 * whether it does.
 */
export async function disputeAmount(
  context: Context,
  callback: Callback,
  { amount_cents, ...name }: MoneyName & { amount_cents: number },
): Promise<boolean> {
  const known = await context.gather(findReceived, name)
  if (!known || known.amount_cents === amount_cents) return false
  const amounts = `${formatKes(amount_cents)}, and the books have ${formatKes(known.amount_cents)}`
  await callIntoQuestion(context, callback, `wrong_amount: it tells of ${amounts} of the receipt ${name.receipt}.`)
  return true
}
