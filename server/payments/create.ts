import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { replay } from '../api/idempotency.ts'
import type { Creation, FirstRequest } from '../api/idempotency.ts'
import { refuseEnded } from '../accounts/named.ts'
import { Problem } from '../problem.ts'
import { providerOf } from '../providers/provider-of.ts'
import { wasAsked } from './asked.ts'
import { billed } from './billed.ts'
import { chooseAccount } from './choose-account.ts'
import { findPayment } from './find.ts'
import { insertIntents } from './insert-intents.ts'
import type { ReferenceOwner } from './insert-intents.ts'
import { intentOf } from './intent.ts'
import type { PaymentInput } from './intent.ts'
import type { Payment } from './payment.ts'
import { requestPayment } from './request.ts'
import { tryAgain } from './try-again.ts'

/**
 * Creates a payment and asks the payer to pay: the intent is committed first, then the provider is called, then its answer is kept.
 * A provider that refuses makes a payment that `failed`; one that does not answer leaves it pending, to be settled by what comes.
 * Without a phone nothing is sent: the payment waits at its checkout.
 * @throws a Problem for what cannot be paid, or was asked for before.
 */
export async function createPayment(context: Context, input: PaymentInput): Promise<Creation<Payment>> {
  const provider = providerOf(context, input)
  const account = await chooseAccount(context, input)
  if (account.environment === 'live' && input.mode === 'test') {
    throw new Problem(
      'forbidden',
      'A test key makes no live payments. Use a live key (sk_live_…), or configure the simulator or the sandbox.',
    )
  }
  // What was asked for while it was in use is answered as before.
  if (account.ended_at && !(await wasAsked(context, input))) refuseEnded(account)
  provider.payments.refuse(input)
  provider.payments.refusePayer?.({ phone: input.phone, ...input.customer })

  const order = await tryAgain(context, await billed(context, input, account), account)
  const intent = await intentOf(context, order, account)
  const outcome = await context.gather(insertIntents, intent)
  if (outcome.kind === 'repeated') return repeat(context, outcome.first, input)
  if (outcome.kind === 'used_up') throw usedUp()
  if (outcome.kind === 'taken') throw referenceTaken(intent.input, outcome.owner)

  const { payment } = outcome
  if (!intent.asksAtOnce) return { made: payment, isRepeat: false }
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
    const message = {
      said: 'The same payment was asked for less than 60 seconds ago.',
      byApi: `It is ${id}. Send an Idempotency-Key if you mean a second one.`,
    }
    throw new Problem('duplicate_payment', message, undefined, { payment_id: id })
  }
  const known = replay(context, first, idempotency)
  return known ?? { made: await findPayment(context, { merchant_id, id: first.object_id }), isRepeat: true }
}

function usedUp(): Problem {
  return new Problem('conflict', 'This payment link takes no more payments: as many as it takes were begun.', 'link_id')
}

/** Who stands in the way: the payment that has the reference, or that tries the failed one again. */
function referenceTaken({ external_reference }: PaymentInput, owner: ReferenceOwner): Problem {
  const id = showId('pay', owner.id)
  if (external_reference === undefined || owner.external_reference !== external_reference)
    return new Problem(
      'conflict',
      { said: 'That payment was tried again already.', byApi: `It was as ${id}. If that one failed, name it.` },
      'retry_of',
      { payment_id: id },
    )
  const message = {
    said: `The external reference "${external_reference}" belongs to a payment that has not failed. Each payment needs its own until then.`,
    byApi: `It is ${id}.`,
  }
  return new Problem('duplicate_external_reference', message, 'external_reference', { payment_id: id })
}
