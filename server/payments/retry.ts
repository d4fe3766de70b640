import type { Context } from '../context.ts'
import { hashRequest } from '../api/idempotency.ts'
import { Problem } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'
import { chooseAccount } from './choose-account.ts'
import { createPayment } from './create.ts'
import type { Payment } from './payment.ts'

/**
 * Makes a new payment for what a failed one did not collect, and asks the phone if one is given; else the new one waits at its
 * checkout. It has the references and metadata by which its merchant knows the order. A payment is tried again once: whoever asks a second time changes nothing.
 * @throws a Problem when the merchant now has an account of another environment, or none.
 */
export async function retryPayment(context: Context, payment: Payment, phone?: string): Promise<void> {
  const { merchant_id, id, provider, environment } = payment
  const mode = environment === 'live' ? 'live' : 'test'
  const account = await chooseAccount(context, { merchant_id, mode, provider, retry_of: id })
  if (account.environment !== environment) {
    throw new Problem('conflict', `This was a payment of the environment ${environment}, which the merchant has left.`)
  }
  const key = `retry:${id}`
  try {
    await createPayment(context, {
      merchant_id,
      mode,
      provider,
      amount_cents: payment.amount_cents,
      phone,
      account_reference: payment.account_reference ?? undefined,
      description: payment.description ?? undefined,
      customer: {
        name: payment.payer_name ?? undefined,
        email: payment.payer_email ?? undefined,
        id_number: payment.payer_id_number ?? undefined,
        language: payment.payer_language ?? undefined,
      },
      metadata: payment.metadata,
      invoice_id: payment.invoice_id ?? undefined,
      link_id: payment.link_id ?? undefined,
      link_is_limited: payment.link_id !== null,
      callback_url: payment.callback_url ?? undefined,
      return_url: payment.return_url ?? undefined,
      origin: 'checkout',
      retry_of: id,
      idempotency: { merchant_id, route: 'checkout retry', key, request_hash: hashRequest(key) },
    })
  } catch (error) {
    // Somebody pressed twice, and the first press has made the payment; or the merchant has asked again, or the money has come.
    if (!(error instanceof Problem && asked.has(error.code))) throw error
  }
}

const asked = new Set<ProblemCode>(['idempotency_in_progress', 'duplicate_external_reference', 'conflict'])
