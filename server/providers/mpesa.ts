import { createDaraja, describeResult, parseStkCallback, stkPush, stkQuery } from '@lango/daraja'
import type { Daraja } from '@lango/daraja'
import type { Account } from '../merchants/account.ts'
import { sharedToken } from '../merchants/access-token.ts'
import type { Context } from '../context.ts'
import type { FailureCode } from '../payments/evidence.ts'
import type { Payment } from '../payments/payment.ts'
import { Problem } from '../problem.ts'
import { callbackUrl } from '../callbacks/url.ts'
import type { Accepted, Finding, Provider, Refused, Unknown } from './provider.ts'

const amountCentsMax = 250_000_00
const promptLength = 13

/** M-Pesa through Safaricom's Daraja. */
export function createMpesa(): Provider {
  return { requestPayment, checkPayment, readCallback, refuseUnpayable }
}

async function requestPayment(
  context: Context,
  account: Account,
  payment: Payment,
): Promise<Accepted | Refused | Unknown> {
  const outcome = await stkPush(darajaOf(context, account), {
    shortcode: account.shortcode,
    passkey: account.credentials.passkey,
    type: account.type,
    till: account.till ?? undefined,
    amount: payment.amount_cents / 100,
    phone: payment.phone!,
    accountReference: payment.sent_reference,
    description: promptText(payment.description),
    callbackUrl: callbackUrl(
      context,
      { kind: 'payment', merchant_id: payment.merchant_id, subject_id: payment.id },
      payment.callback_url,
    ),
  })
  switch (outcome.kind) {
    case 'accepted':
      return {
        kind: 'accepted',
        provider_ref: outcome.checkoutRequestId,
        merchant_request_id: outcome.merchantRequestId,
        raw: outcome.raw,
      }
    case 'refused':
      return {
        kind: 'refused',
        code: outcome.code,
        message: withAdvice(outcome.message, outcome.advice),
        raw: outcome.raw,
      }
    case 'unknown':
      return { kind: 'unknown', message: outcome.message, raw: outcome.raw }
  }
}

async function checkPayment(context: Context, account: Account, payment: Payment): Promise<Finding> {
  if (!payment.provider_ref)
    return { verdict: null, message: 'M-Pesa gave no id for this request, so it cannot be asked.' }
  const answer = await stkQuery(darajaOf(context, account), {
    shortcode: account.shortcode,
    passkey: account.credentials.passkey,
    checkoutRequestId: payment.provider_ref,
  })
  if (answer.kind === 'none') return { verdict: null, message: answer.reason, raw: answer.raw }
  return {
    ...verdictOf(answer.resultCode, answer.resultDescription),
    provider_ref: payment.provider_ref,
    raw: answer.raw,
  }
}

function readCallback(body: unknown): Omit<Finding, 'raw'> | undefined {
  const callback = parseStkCallback(body)
  if (!callback) return undefined
  return {
    ...verdictOf(callback.resultCode, callback.resultDescription),
    provider_ref: callback.checkoutRequestId,
    merchant_request_id: callback.merchantRequestId,
    receipt: callback.receipt,
    amount_cents: callback.amount === undefined ? undefined : Math.round(callback.amount * 100),
    paid_at: callback.transactedAt,
  }
}

/** What a result code of STK push says. Only 0 is success; whatever else is final is a failure. */
function verdictOf(
  resultCode: string,
  description: string,
): Pick<Finding, 'verdict' | 'failure_code' | 'message' | 'provider_code'> {
  if (resultCode === '0') return { verdict: 'success', provider_code: resultCode, message: description }
  const known = describeResult(resultCode)
  return {
    verdict: 'failure',
    provider_code: resultCode,
    failure_code: (known?.failure ?? 'provider_error') satisfies FailureCode,
    message: known?.payer ?? description,
  }
}

function refuseUnpayable({
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
  if (account_reference !== undefined && !/^[A-Za-z0-9 ._/-]{1,12}$/.test(account_reference)) {
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

function withAdvice(message: string, advice: string | undefined): string {
  return advice ? `${message} (${advice})` : message
}

/** The Daraja client of an account, with the access token that all nodes share. */
export function darajaOf(context: Context, account: Account): Daraja {
  return createDaraja({
    baseUrl: context.config.darajaUrls[account.environment],
    consumerKey: account.credentials.consumer_key,
    consumerSecret: account.credentials.consumer_secret,
    fetch: context.fetch,
    now: () => context.clock.now(),
    tokenStore: sharedToken(context, account),
  })
}
