import type { Context } from '../context.ts'
import { newId } from '../id.ts'
import { accountOf } from '../accounts/find.ts'
import { providerOf } from '../providers/provider-of.ts'
import type { Payment } from './payment.ts'
import { settlePayment } from './settle.ts'

/**
 * Asks the provider about a payment that one of its records would complete. True when it says that this payment failed, which is
 * then kept as evidence; false when it says anything else, or cannot be asked.
 */
export async function isDenied(context: Context, payment: Payment): Promise<boolean> {
  const { merchant_id, id: payment_id, provider_ref, status } = payment
  if (!provider_ref || status === 'completed') return false
  const account = await accountOf(context, payment)
  const { raw, ...finding } = await providerOf(context, payment).payments.check(context, account, payment)
  if (finding.verdict !== 'failure') return false
  const at = context.clock.now()
  const body = raw === undefined ? undefined : Buffer.from(raw)
  await settlePayment(context, { ...finding, id: newId(at), merchant_id, payment_id, source: 'query', at, raw: body })
  return true
}
