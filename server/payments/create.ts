import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { replay } from '../api/idempotency.ts'
import type { Creation, FirstRequest } from '../api/idempotency.ts'
import type { Account } from '../accounts/account.ts'
import { refuseEnded } from '../accounts/named.ts'
import { Problem } from '../problem.ts'
import { providerOf } from '../providers/provider-of.ts'
import { wasAsked } from './asked.ts'
import { billed } from './billed.ts'
import { chooseAccount } from './choose-account.ts'
import { findPayment, findPayments } from './find.ts'
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

  const intent = await intentOf(
    context,
    await tryAgain(context, await billed(context, input, account), account),
    account,
  )
  const outcome = await context.gather(insertIntents, intent)
  if (outcome.kind === 'repeated') return repeat(context, outcome.first, input)
  if (outcome.kind === 'used_up')
    throw new Problem(
      'conflict',
      'This payment link takes no more payments: as many as it takes were begun.',
      'link_id',
    )
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
      said: `The same payment was asked for less than 60 seconds ago: ${id}.`,
      byApi: 'Send an Idempotency-Key if you mean a second one.',
    }
    throw new Problem('duplicate_payment', message, undefined, { payment_id: id })
  }
  const known = replay(context, first, idempotency)
  return known ?? { made: await findPayment(context, { merchant_id, id: first.object_id }), isRepeat: true }
}

/** Who stands in the way: the payment that has the reference, or that tries the failed one again. */
function referenceTaken({ external_reference }: PaymentInput, owner: ReferenceOwner): Problem {
  const id = showId('pay', owner.id)
  if (external_reference === undefined || owner.external_reference !== external_reference)
    return new Problem('conflict', `That payment was tried again as ${id}. If that one failed, name it.`, 'retry_of', {
      payment_id: id,
    })
  const message = `The external reference "${external_reference}" belongs to ${id}, which has not failed. Each payment needs its own until then.`
  return new Problem('duplicate_external_reference', message, 'external_reference', { payment_id: id })
}

/** What is asked for, with the external reference of the failed payment that it tries again. @throws a Problem unless that failed. */
async function tryAgain(context: Context, input: PaymentInput, { environment }: Account): Promise<PaymentInput> {
  if (!input.retry_of) return input
  const { merchant_id, mode, retry_of: id } = input
  const failed = await context.gather(findPayments, { merchant_id, mode, id })
  if (!failed) throw new Problem('not_found', 'There is no such payment, or it is not yours.', 'retry_of')
  const external_reference = input.external_reference ?? failed.external_reference ?? undefined
  if (await wasAsked(context, input)) return { ...input, external_reference }
  if (failed.status !== 'failed' || failed.environment !== environment) {
    const why =
      failed.status === 'failed'
        ? `was a payment of the environment ${failed.environment}, which the merchant has left`
        : `is ${failed.status === 'created' ? 'pending' : failed.status}`
    throw new Problem('conflict', `Only a payment that failed can be tried again, and this one ${why}.`, 'retry_of')
  }
  if (external_reference === (failed.external_reference ?? external_reference)) return { ...input, external_reference }
  throw new Problem(
    'invalid_request',
    `The payment that is tried again has the external reference "${failed.external_reference}": give the same, or none.`,
    'external_reference',
  )
}
