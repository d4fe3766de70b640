import type { Context } from '../context.ts'
import type { Account } from '../accounts/account.ts'
import { listPaid } from '../money-in/find.ts'
import type { MoneyIn } from '../money-in/money-in.ts'
import { findReceiptless, flagPayments } from '../payments/flag.ts'
import type { Payment } from '../payments/payment.ts'
import type { Statement } from '../providers/record.ts'
import type { NewItem } from './items.ts'

/**
 * What the books hold of the time of a statement, and the statement does not show: money by its receipt, and payments completed
 * without one. Their payments are shown to a person. The time of a statement is that from its first customer's payment to its
 * last, so that one of another account, or of payouts alone, accuses nobody.
 */
export async function findUnknownToProvider(
  context: Context,
  { merchant_id, id }: Account,
  { records }: Statement,
): Promise<NewItem[]> {
  const payments = records.filter(({ kind, at }) => kind === 'payment' && at !== null)
  const [from, until] = [payments[0]?.at, payments.at(-1)?.at]
  if (!from || !until) return []
  const shown = new Set(payments.map(({ receipt }) => receipt))
  const money = (await listPaid(context, { merchant_id, id, from, until })).filter(({ receipt }) => !shown.has(receipt))
  const receiptless = await findReceiptless(context, { merchant_id, id, from, until })

  const ids = money.flatMap(({ payment_id }) => payment_id ?? [])
  await flagPayments(context, { merchant_id, ids, because: 'unknown_to_provider' })
  await flagPayments(context, {
    merchant_id,
    ids: receiptless.map((payment) => payment.id),
    because: 'receipt_awaited',
  })
  return [...money.map(itemOfMoney), ...receiptless.map(itemOfPayment)]
}

const ours = {
  kind: 'payment',
  direction: 'in',
  outcome: 'mismatched',
  linked_receipt: null,
  payout_id: null,
  candidates: null,
  raw: null,
} as const

function itemOfMoney(money: MoneyIn): NewItem {
  const { receipt, amount_cents, paid_at: at, reference, payer_name, payment_id } = money
  const phone = money.phone ?? money.phone_masked
  return {
    ...ours,
    reason: 'unknown_to_provider',
    receipt,
    amount_cents,
    at,
    reference,
    phone,
    payer_name,
    payment_id,
    expected_cents: amount_cents,
  }
}

function itemOfPayment(payment: Payment): NewItem {
  const {
    amount_cents,
    commission_cents,
    completed_at: at,
    sent_reference: reference,
    phone,
    payer_name,
    id: payment_id,
  } = payment
  const cents = amount_cents + commission_cents
  return {
    ...ours,
    reason: 'receipt_awaited',
    receipt: null,
    amount_cents: cents,
    at,
    reference,
    phone,
    payer_name,
    payment_id,
    expected_cents: cents,
  }
}
