import { stkPush, stkQuery } from '@lango/daraja'
import { callbackUrl } from '../../callback-url.ts'
import type { Context } from '../../context.ts'
import { mpesaCredentials } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'
import { Problem } from '../../problem.ts'
import type { PaymentFinding } from '../finding.ts'
import type { Accepted, Refused, Unknown } from '../outcome.ts'
import type { PaymentRequest } from '../request.ts'
import { verdictOf } from './callback.ts'
import { darajaOf } from './daraja.ts'
import { notAccepted } from './outcome.ts'

export const amountCentsMax = 250_000_00
const promptLength = 13

/** Sends the prompt to the payer's phone. */
export async function requestPayment(
  context: Context,
  account: Account,
  payment: PaymentRequest,
): Promise<Accepted | Refused | Unknown> {
  const outcome = await stkPush(darajaOf(context, account), {
    shortcode: account.shortcode,
    passkey: mpesaCredentials(account).passkey,
    type: account.type,
    till: account.till ?? undefined,
    amount: payment.amount_cents / 100,
    phone: payment.phone!,
    accountReference: payment.sent_reference,
    description: promptText(payment.description),
    callbackUrl: callbackUrl(
      context,
      { provider: 'mpesa', kind: 'payment', merchant_id: payment.merchant_id, subject_id: payment.id },
      payment.callback_url,
    ),
  })
  if (outcome.kind !== 'accepted') return notAccepted(outcome)
  return {
    kind: 'accepted',
    provider_ref: outcome.checkoutRequestId,
    merchant_request_id: outcome.merchantRequestId,
    raw: outcome.raw,
  }
}

/** Asks by STK query: it knows no receipt and no amount. */
export async function checkPayment(
  context: Context,
  account: Account,
  payment: PaymentRequest,
): Promise<PaymentFinding> {
  if (!payment.provider_ref)
    return { verdict: null, message: 'M-Pesa gave no id for this request, so it cannot be asked.' }
  const answer = await stkQuery(darajaOf(context, account), {
    shortcode: account.shortcode,
    passkey: mpesaCredentials(account).passkey,
    checkoutRequestId: payment.provider_ref,
  })
  if (answer.kind === 'none') return { verdict: null, message: unanswered[answer.reason], raw: answer.raw }
  return {
    ...verdictOf(answer.resultCode, answer.resultDescription),
    provider_ref: payment.provider_ref,
    raw: answer.raw,
  }
}

const unanswered = {
  processing: 'M-Pesa still waits for the payer.',
  refused: 'M-Pesa did not answer the question. That says nothing about the payment.',
  unknown: 'M-Pesa gave no clear answer to the question. That says nothing about the payment.',
}

/** Refuses an amount or a reference that M-Pesa does not take. */
export function refuseUnpayable({
  amount_cents,
  account_reference,
}: {
  amount_cents: number
  account_reference?: string
}): void {
  if (amount_cents % 100 !== 0) {
    throw new Problem('amount_not_whole', 'M-Pesa takes whole shillings only. Send the amount without cents.', 'amount')
  }
  if (amount_cents < 100 || amount_cents > amountCentsMax) {
    throw new Problem('invalid_amount', 'M-Pesa takes from 1 to 250,000 shillings at a time.', 'amount')
  }
  if (account_reference !== undefined && !/^(?=.*[^ ])[A-Za-z0-9 ._/-]{1,12}$/.test(account_reference)) {
    throw new Problem(
      'invalid_reference',
      'An account reference for M-Pesa has 1 to 12 of these characters: letters, digits, space, dot, _, / and -.',
      'account_reference',
    )
  }
}

/** What the payer's prompt can show of a description: symbols make Safaricom drop a request without a word. */
function promptText(description: string | null): string {
  const harmless = (description ?? '')
    .replace(/[^A-Za-z0-9 .-]/g, '')
    .trim()
    .slice(0, promptLength)
    .trim()
  return harmless || 'Payment'
}
