import { b2b, b2c, parseB2bResult, parseB2cResult, pochi } from '@lango/daraja'
import type { Acknowledged as Taken, Outcome } from '@lango/daraja'
import type { Context } from '../../context.ts'
import { showId } from '../../id.ts'
import type { Account } from '../../accounts/account.ts'
import { Problem } from '../../problem.ts'
import type { PayoutFailureCode, PayoutFinding } from '../finding.ts'
import type { Acknowledged, Refused, Unknown } from '../outcome.ts'
import type { Posted } from '../posted.ts'
import type { PayoutRequest } from '../request.ts'
import { amountOf } from './amount.ts'
import { darajaOf } from './daraja.ts'
import { asAcknowledged, operatorPart, refuseWithoutOperator, remarks } from './operator.ts'
import { readReceipt } from './receipt.ts'
import { verdictBy } from './verdict.ts'

const amountCentsMin = 10_00
const amountCentsMax = 250_000_00
const referenceForm = /^[A-Za-z0-9 ._/-]{1,20}$/
/** Safaricom's words for a request whose id came before. */
const duplicateId = '500.002.1001'

/** Sends money: to a person from the Utility account, to a business from the Working account. */
export async function payOut(
  context: Context,
  account: Account,
  payout: PayoutRequest,
): Promise<Acknowledged | Refused | Unknown> {
  const outcome = asAcknowledged(await send(context, account, payout))
  const isRepeat = outcome.kind === 'refused' && outcome.code === duplicateId && payoutRequestId(payout) !== null
  if (!isRepeat) return outcome
  const { message, raw } = outcome
  return { kind: 'unknown', message: `${message} So it has arrived.`, raw }
}

function send(context: Context, account: Account, payout: PayoutRequest): Promise<Outcome<Taken>> {
  const daraja = darajaOf(context, account)
  const payment = {
    ...operatorPart(context, account, { kind: 'payout', merchant_id: payout.merchant_id, subject_id: payout.id }),
    shortcode: account.shortcode,
    amount: payout.amount_cents / 100,
    remarks: remarks(payout.remarks, 'Payout'),
  }
  if (payout.kind === 'b2b') {
    const isTill = payout.shortcode_type === 'till'
    return b2b(daraja, {
      ...payment,
      command: isTill ? 'BusinessBuyGoods' : 'BusinessPayBill',
      receiver: payout.shortcode!,
      receiverType: isTill ? 'till' : 'shortcode',
      // A till has no accounts, but Daraja takes no request without a reference.
      accountReference: payout.account_reference ?? 'Payout',
    })
  }
  const person = { ...payment, phone: payout.phone!, originatorConversationId: payoutRequestId(payout)! }
  return payout.kind === 'pochi'
    ? pochi(daraja, person)
    : b2c(daraja, { ...person, command: commands[payout.reason ?? 'business_payment'] })
}

const commands = {
  business_payment: 'BusinessPayment',
  salary_payment: 'SalaryPayment',
  promotion_payment: 'PromotionPayment',
} as const

/** Payments to people carry an id of ours, which Safaricom takes once; those to businesses do not. */
export function payoutRequestId({ id, kind }: Pick<PayoutRequest, 'id' | 'kind'>): string | null {
  return kind === 'b2b' ? null : showId('pot', id)
}

/** Refuses what M-Pesa does not send, and accounts that have nobody who may. */
export function refuseUnsendable(
  account: Account,
  { kind, amount_cents, account_reference }: Pick<PayoutRequest, 'kind' | 'amount_cents' | 'account_reference'>,
): void {
  refuseWithoutOperator(account)
  if (amount_cents % 100 !== 0)
    throw new Problem('amount_not_whole', 'M-Pesa sends whole shillings only. Send the amount without cents.', 'amount')
  if (amount_cents < amountCentsMin || amount_cents > amountCentsMax)
    throw new Problem('invalid_amount', 'M-Pesa sends from 10 to 250,000 shillings at a time.', 'amount')
  if (kind === 'b2b' && account_reference !== null && !referenceForm.test(account_reference))
    throw new Problem(
      'invalid_reference',
      'An account at a paybill has 1 to 20 of these characters: letters, digits, space, dot, _, / and -.',
      'account_reference',
    )
}

/** Reads the result of B2C, Pochi or B2B; undefined when the body is none. */
export function readPayout({ json }: Posted): PayoutFinding | undefined {
  const person = parseB2cResult(json)
  const business = parseB2bResult(json)
  if (!person || !business) return undefined
  const { result, receipt, receiver } = person
  const amount = person.amount ?? business.amount
  return {
    ...verdictOf(result.resultCode, result.resultDescription),
    receipt: readReceipt(receipt),
    ...amountOf(amount),
    paid_at: person.transactedAt ?? business.transactedAt,
    receiver_name: receiver?.name,
    conversation_id: result.conversationId,
    originator_conversation_id: result.originatorConversationId,
  }
}

/** The codes that Safaricom's portal lists for these requests, and those seen beside them, in words for whoever pays. */
const verdictOf = verdictBy<PayoutFailureCode>({
  '1': [
    'insufficient_funds',
    'The short code is short of money: people are paid from its Utility account, businesses from its Working account.',
  ],
  '2': ['limit_exceeded', 'M-Pesa sends no less than 10 shillings at a time.'],
  '3': ['limit_exceeded', 'M-Pesa sends no more than 250,000 shillings at a time.'],
  '4': ['limit_exceeded', 'The receiver has reached the limit of the day.'],
  '8': ['receiver_full', "The receiver's wallet would hold more than it may, 500,000 shillings."],
  '11': ['account_inactive', 'The account of the short code is not active. Ask Safaricom to activate it.'],
  '21': [
    'operator_not_permitted',
    'The API operator may not send money. Give it the role for this in the M-PESA organisation portal.',
  ],
  '2001': [
    'operator_invalid',
    'M-Pesa does not accept the API operator: its name, its password or the security credential is wrong, or the password is older than 90 days.',
  ],
  '2006': [
    'account_inactive',
    "The receiver's account, or the short code's, is not active and takes part in no transaction.",
  ],
  '2028': ['product_missing', 'The short code lacks the product that this needs. Ask Safaricom to add it.'],
  '2040': ['receiver_invalid', 'The receiver has no M-PESA account that takes this.'],
  '8006': [
    'operator_locked',
    "The API operator's password is locked after wrong ones. Unlock it in the M-PESA organisation portal.",
  ],
  SFC_IC0003: ['receiver_invalid', 'M-Pesa does not know the receiver: its number, or the kind of number, is wrong.'],
  TP40153: ['operator_not_permitted', 'The API operator has no permission, or is not of this organisation.'],
})
