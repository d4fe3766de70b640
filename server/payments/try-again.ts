import type { Context } from '../context.ts'
import type { Account } from '../accounts/account.ts'
import { Problem } from '../problem.ts'
import { wasAsked } from './asked.ts'
import { findPayments } from './find.ts'
import type { PaymentInput } from './intent.ts'

/** What is asked for, with the external reference of the failed payment that it tries again. @throws a Problem unless that failed. */
export async function tryAgain(context: Context, input: PaymentInput, { environment }: Account): Promise<PaymentInput> {
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
