import type { Bill } from '@lango/pesaflow'
import type { Account } from '../../accounts/account.ts'
import { callbackUrl } from '../../callback-url.ts'
import type { Context } from '../../context.ts'
import { showId } from '../../id.ts'
import { Problem } from '../../problem.ts'
import { ownReference } from '../../reference.ts'
import type { Payer } from '../provider.ts'
import type { PaymentRequest } from '../request.ts'

/** Under ten digits of shillings, which is what Pesaflow's own amounts were seen to have at most. */
export const amountCentsMax = 100_000_000_00

/**
 * The reference of a bill, unique for ever: a bill that was paid is never paid again. A merchant may give the same reference to
 * several payments, so that the payment's own stands behind it.
 */
export function billReference({ id, sent_reference }: Pick<PaymentRequest, 'id' | 'sent_reference'>): string {
  const own = ownReference(id)
  return sent_reference === own ? own : `${sent_reference}-${own}`
}

/** The bill of a payment: the same however often it is brought, for the payer and all else are the payment's own. */
export function billOf(context: Context, account: Account, payment: PaymentRequest): Bill {
  const { merchant_id, id, description, sent_reference, payer_name, payer_id_number } = payment
  const back = (way: string) =>
    `${context.config.publicUrl}/api/v1/payments/callback/${way}?payment=${showId('pay', id)}`
  return {
    serviceId: account.till ?? '',
    reference: billReference(payment),
    description: description ?? `Payment ${sent_reference}`,
    amountCents: payment.amount_cents,
    payer: {
      name: payer_name ?? '',
      idNumber: payer_id_number ?? '',
      phone: payment.phone ?? undefined,
      email: payment.payer_email ?? undefined,
    },
    notificationUrl: callbackUrl(
      context,
      { provider: 'pesaflow', kind: 'payment', merchant_id, subject_id: id },
      payment.callback_url,
    ),
    returnUrls: { success: back('success'), failure: back('failure'), timeout: back('timeout') },
  }
}

/** Refuses an amount or a reference that Pesaflow does not take. Cents it does. */
export function refuseUnpayable({
  amount_cents,
  account_reference,
}: {
  amount_cents: number
  account_reference?: string
}): void {
  if (amount_cents < 1_00 || amount_cents > amountCentsMax)
    throw new Problem('invalid_amount', 'Pesaflow takes from 1 to 100,000,000 shillings at a time.', 'amount')
  if (account_reference !== undefined && !/^(?=.*[^ ])[A-Za-z0-9 ._/-]{1,40}$/.test(account_reference))
    throw new Problem(
      'invalid_reference',
      'An account reference for Pesaflow has 1 to 40 of these characters: letters, digits, space, dot, _, / and -.',
      'account_reference',
    )
}

/** Refuses a payer whose name or identity number is not told: eCitizen makes out its bills to a person or a company. */
export function refuseNameless({ name, id_number }: Payer): void {
  for (const [param, told] of [
    ['customer.name', name],
    ['customer.id_number', id_number],
  ] as const)
    if (!told?.trim())
      throw new Problem(
        'invalid_request',
        'Pesaflow needs customer.name and customer.id_number: whom the bill is made out to, and the number of the identity card, the passport or the company.',
        param,
      )
}
