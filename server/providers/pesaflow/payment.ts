import { checkout, paymentState, paymentStatus, sendStk } from '@lango/pesaflow'
import type { BillStatus, CheckoutAccepted, Outcome } from '@lango/pesaflow'
import type { Account } from '../../accounts/account.ts'
import type { Context } from '../../context.ts'
import { formatKes } from '../../money.ts'
import type { PaymentFinding } from '../finding.ts'
import type { Accepted, Refused, Unknown } from '../outcome.ts'
import type { PaymentRequest } from '../request.ts'
import { billOf, billReference } from './bill.ts'
import { isOfEcitizen, pesaflowOf } from './client.ts'
import { notAccepted } from './outcome.ts'

type Answered = Accepted | Refused | Unknown

/** Brings the bill to Pesaflow, which answers where it is paid; a phone that is known is asked at once. */
export async function requestPayment(context: Context, account: Account, payment: PaymentRequest): Promise<Answered> {
  const bring = payment.phone ? sendStk : checkout
  const outcome = await bring(pesaflowOf(context, account), billOf(context, account, payment))
  return read(context, account, payment, outcome)
}

/** Brings the same bill again, for nobody knows whether it arrived. It moves no money, and no phone rings. */
export async function requestAgain(context: Context, account: Account, payment: PaymentRequest): Promise<Answered> {
  const outcome = await checkout(pesaflowOf(context, account), billOf(context, account, payment))
  return read(context, account, payment, outcome)
}

function read(
  context: Context,
  account: Account,
  { amount_cents }: PaymentRequest,
  outcome: Outcome<CheckoutAccepted>,
): Answered {
  if (outcome.kind !== 'accepted') return notAccepted(outcome)
  const { invoiceNumber, checkoutUrl, netCents, commissionCents, expectedCents, raw } = outcome
  if (typeof netCents === 'number' && netCents !== amount_cents) {
    const message = `Pesaflow has this bill with another amount, KES ${formatKes(netCents)}: nobody is sent to pay it.`
    return { kind: 'unknown', message, raw }
  }
  const onTop = typeof expectedCents === 'number' ? expectedCents - amount_cents : 0
  return {
    kind: 'accepted',
    provider_ref: invoiceNumber,
    checkout_url: isOfEcitizen(context.config, account, checkoutUrl) ? checkoutUrl : undefined,
    commission_cents: typeof commissionCents === 'number' ? commissionCents : Math.max(0, onTop),
    raw,
  }
}

/** Asks for the bill's status, by Pesaflow's number, or, while that is not known, by the bill's reference. */
export async function checkPayment(
  context: Context,
  account: Account,
  payment: PaymentRequest,
): Promise<PaymentFinding> {
  const answer = await paymentStatus(pesaflowOf(context, account), payment.provider_ref ?? billReference(payment))
  if (answer.kind === 'none') return { verdict: null, message: unanswered[answer.reason], raw: answer.raw }
  const told = { provider_code: answer.status.slice(0, 40), raw: answer.raw }
  if (answer.reference !== undefined && answer.reference !== billReference(payment))
    return { verdict: null, message: 'Pesaflow answered about another bill.', ...told }
  return { ...told, ...judge(payment, answer) }
}

const unanswered = {
  not_found: 'Pesaflow does not know this bill, or not yet.',
  refused: 'Pesaflow did not answer the question. That says nothing about the payment.',
  unknown: 'Pesaflow gave no clear answer to the question. That says nothing about the payment.',
}

/** What a status says: how much was paid, held against what the payer was to pay. */
function judge(payment: PaymentRequest, answer: BillStatus): PaymentFinding {
  const { paidCents, expectedCents, paidAt, refNo } = answer
  const known = payment.amount_cents + payment.commission_cents
  const asked = typeof expectedCents === 'number' ? expectedCents : known
  const currency = 'KES'
  if (answer.currency !== currency)
    return {
      verdict: 'success',
      amount_unreadable: true,
      message: `Pesaflow tells of another currency than ${currency}.`,
    }
  if (typeof paidCents !== 'number') return { verdict: null, message: 'Pesaflow does not say how much was paid.' }
  const state = paymentState(answer, { amountCents: asked, currency })
  if (state === 'paid' && paidCents < known)
    return {
      verdict: 'success',
      amount_cents: paidCents,
      message: `Pesaflow asked for KES ${formatKes(asked)} only, which was paid.`,
    }
  if (paidCents === 0) return { verdict: null, is_open: state === 'unpaid', message: 'Nobody has paid this bill yet.' }
  const isReached = paidCents >= Math.max(asked, known)
  return {
    verdict: state === 'paid' ? 'success' : null,
    paid_total_cents: paidCents,
    paid_at: paidAt,
    ...(!payment.provider_ref && {
      provider_ref: refNo === billReference(payment) ? undefined : refNo,
      commission_cents: Math.max(0, asked - payment.amount_cents),
    }),
    message: isReached
      ? `KES ${formatKes(paidCents)} was paid.`
      : `KES ${formatKes(paidCents)} of KES ${formatKes(asked)} was paid.`,
  }
}
