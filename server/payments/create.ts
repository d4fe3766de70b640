import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { replay } from '../api/idempotency.ts'
import type { Creation, FirstRequest } from '../api/idempotency.ts'
import { currentAccount } from '../accounts/find.ts'
import { Problem } from '../problem.ts'
import { providerOf } from '../providers/provider-of.ts'
import { findPayment } from './find.ts'
import { insertIntents } from './insert-intents.ts'
import type { ReferenceOwner } from './insert-intents.ts'
import { intentOf } from './intent.ts'
import type { PaymentInput } from './intent.ts'
import type { Payment } from './payment.ts'
import { requestPayment } from './request.ts'

/**
 * Creates a payment and asks the payer to pay: the intent is committed first, then the provider is called, then its answer is kept.
 * A provider that refuses makes a payment that `failed`; one that does not answer leaves it pending, to be settled by what comes.
 * Without a phone nothing is sent: the payment waits at its checkout.
 * @throws a Problem for what cannot be paid, or was asked for before.
 */
export async function createPayment(context: Context, input: PaymentInput): Promise<Creation<Payment>> {
  const provider = providerOf(context, input)
  const account = await currentAccount(context, input.merchant_id, input.provider)
  if (account.environment === 'live' && input.mode === 'test') {
    throw new Problem(
      'forbidden',
      'A test key makes no live payments. Use a live key (sk_live_…), or configure the simulator or the sandbox.',
    )
  }
  provider.payments.refuse(input)

  const intent = await intentOf(context, input, account)
  const outcome = await context.gather(insertIntents, intent)
  if (outcome.kind === 'repeated') return repeat(context, outcome.first, input)
  if (outcome.kind === 'taken') throw referenceTaken(input, outcome.owner)

  const { payment } = outcome
  if (!input.phone) return { made: payment, isRepeat: false }
  await requestPayment(context, account, payment)
  return { made: await findPayment(context, payment), isRepeat: false }
}

async function repeat(
  context: Context,
  first: FirstRequest,
  { merchant_id, idempotency }: PaymentInput,
): Promise<Creation<Payment>> {
  if (!idempotency) {
    const id = showId('pay', first.object_id)
    const message = `The same payment was asked for less than 60 seconds ago: ${id}. Send an Idempotency-Key if you mean a second one.`
    throw new Problem('duplicate_payment', message, undefined, { payment_id: id })
  }
  const known = replay(context, first, idempotency)
  return known ?? { made: await findPayment(context, { merchant_id, id: first.object_id }), isRepeat: true }
}

function referenceTaken({ external_reference }: PaymentInput, owner: ReferenceOwner): Problem {
  const id = showId('pay', owner.id)
  const advice =
    owner.status === 'failed'
      ? 'It failed: its payer can try again at its checkout_url, or you ask again with another reference.'
      : 'Each payment needs its own.'
  const message = `The external reference "${external_reference}" belongs to ${id}. ${advice}`
  return new Problem('duplicate_external_reference', message, 'external_reference', { payment_id: id })
}
