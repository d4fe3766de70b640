import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { isOfSlice, slicesSince } from '../api/slices.ts'
import { rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { isSameReference, normalReference } from '../reference.ts'
import { firstIdOf, newId } from '../id.ts'
import type { PaymentEvidence } from '../payments/evidence.ts'
import type { Payment } from '../payments/payment.ts'
import { linkReversals } from '../refunds/link-reversals.ts'
import { settlePayment } from '../payments/settle.ts'
import { findReceived } from './find.ts'
import { askProvider, findClaim, keepClaim } from './kept-claim.ts'
import type { Claim } from './kept-claim.ts'
import { nameOf } from './money-in.ts'
import type { MoneyIn } from './money-in.ts'

/** What is known of a receipt that a payer named. */
export type ClaimAnswer =
  /** It is this payment's. */
  | 'settled'
  /** It is another payment's. */
  | 'taken'
  /** The money went back. */
  | 'reversed'
  | 'other_amount'
  /** It is in the books, and may be meant for something else: a person decides. */
  | 'unsure'
  /** It is in the books, and whose it is is being found out. */
  | 'waiting'
  /** It is not in the books, and the provider was asked. */
  | 'asked'
  /** It is not in the books. */
  | 'unknown'
  /** Too many receipts were named for this payment. */
  | 'too_many'

/** Most answers of the provider come within seconds. */
const answerMs = 40_000
/** A payer may pay by hand before they open the checkout. */
const paidBeforeMs = 30 * 60_000
const openMs = 49 * 3_600_000

/**
 * Takes a payer's word that a receipt paid a payment. The word alone completes nothing: the money must be in the books, free, in
 * the account and of the amount of the payment, and nothing may say that it was meant for something else. Where it is not in the
 * books, the provider is asked, if the account can ask; the claim stays, for the money may come later. Safe to repeat.
 */
export async function claimMoney(context: Context, payment: Payment, receipt: string): Promise<ClaimAnswer> {
  const subject = { ...payment, kind: 'payment' } as const
  if (!(await keepClaim(context, subject, receipt))) return 'too_many'
  const answer = await followClaim(context, payment, receipt)
  return answer === 'unknown' && (await askProvider(context, subject, receipt)) ? 'asked' : (answer ?? 'unknown')
}

/** What has become of a receipt that was named for a payment, which it completes if it can; undefined when it was not named. */
export async function followClaim(
  context: Context,
  payment: Payment,
  receipt: string,
): Promise<ClaimAnswer | undefined> {
  const { merchant_id, provider, environment, id } = payment
  const claim = await findClaim(context, { ...payment, kind: 'payment' }, receipt)
  if (!claim) return undefined
  const now = context.clock.now()
  const money = await context.gather(findReceived, { merchant_id, provider, environment, receipt })
  if (!money) return notInBooks(claim, now)
  const answer = judgeClaim(payment, money, now)
  if (answer !== 'fits') return answer
  if (await isMeantForAnother(context, payment, money)) return 'unsure'
  const effect = await settlePayment(context, evidenceOfClaim(context, payment, money))
  if (!['completed', 'receipt', 'informed'].includes(effect)) return 'unsure'
  if (money.reversed_cents > 0) await linkReversals(context, [{ ...money, payment_id: id }])
  return 'settled'
}

/** What is said of a receipt that is not in the books. */
export function notInBooks({ asked_at }: Claim, now: Date): ClaimAnswer {
  return asked_at && now < later(asked_at, answerMs) ? 'asked' : 'unknown'
}

/** What a claim is judged by: a payment, or one that would be made. */
export type Claiming = Pick<
  Payment,
  'id' | 'provider_account_id' | 'amount_cents' | 'commission_cents' | 'status' | 'provider_receipt' | 'created_at'
>

/** What the books say to a claim. Money that somebody else may be waiting for is given to nobody on a payer's word. */
export function judgeClaim(payment: Claiming, money: MoneyIn, now: Date): ClaimAnswer | 'fits' {
  if (money.payment_id === payment.id) return 'settled'
  if (money.payment_id) return 'taken'
  if (money.reversed_at) return 'reversed'
  if (money.reserved_cents > 0) return 'unsure'
  if (money.provider_account_id !== payment.provider_account_id) return 'unsure'
  // Its own callback has said whose it is: a second receipt of another payment, for example.
  if (money.named_payment_id && money.named_payment_id !== payment.id) return 'unsure'
  if (money.amount_cents !== payment.amount_cents + payment.commission_cents) return 'other_amount'
  if (money.match_at && money.match_at > now) return 'waiting'
  if (payment.status === 'completed' && payment.provider_receipt) return 'unsure'
  if ((money.paid_at ?? money.created_at) < later(payment.created_at, -paidBeforeMs)) return 'unsure'
  return money.candidates?.length && !money.candidates.includes(payment.id) ? 'unsure' : 'fits'
}

/** A claim that the books confirm, as evidence. */
export function evidenceOfClaim(context: Context, payment: Payment, money: MoneyIn): PaymentEvidence {
  const at = context.clock.now()
  return {
    id: newId(at),
    merchant_id: payment.merchant_id,
    payment_id: payment.id,
    source: 'operator',
    at,
    verdict: 'success',
    receipt: money.receipt,
    amount_cents: money.amount_cents,
    paid_at: money.paid_at ?? undefined,
    message:
      'The payer named this receipt at the checkout, and the money is in the books, free, with this amount and account.',
  }
}

/** For each, the payment that alone was claimed with it and that it fits; undefined where there is none, or more than one. */
export async function findClaiming(context: Context, arrived: MoneyIn[]): Promise<(Payment | undefined)[]> {
  const names = arrived.map(({ merchant_id, provider, environment, receipt }) => ({
    merchant_id,
    provider,
    environment,
    receipt,
  }))
  const found = await context.database.query<Payment & { receipt: string }>(sql`
    select c.receipt, p.* from ${rows(names, 'm', { merchant_id: 'uuid', provider: 'text', environment: 'text', receipt: 'text' })}
    join claims c using (merchant_id, provider, environment, receipt)
    join payments p on p.merchant_id = c.merchant_id and p.id = c.payment_id
    -- What was named at an invoice as well is given to neither on a word.
    where not exists (select from claims o where (o.merchant_id, o.provider, o.environment, o.receipt)
      = (c.merchant_id, c.provider, c.environment, c.receipt) and o.invoice_id is distinct from p.invoice_id and o.invoice_id is not null)`)
  const now = context.clock.now()
  return Promise.all(
    arrived.map(async (money) => {
      const free = { ...money, match_at: null }
      const fitting = found.filter((row) => nameOf(row) === nameOf(money) && judgeClaim(row, free, now) === 'fits')
      const [payment, ...others] = fitting
      if (!payment || others.length > 0 || (await isMeantForAnother(context, payment, money))) return undefined
      return payment
    }),
  )
}

/** True when money has the reference of another payment, or of an invoice, that waits for money. */
export async function isMeantForAnother(
  context: Context,
  { merchant_id, id, sent_reference }: Pick<Payment, 'merchant_id' | 'id' | 'sent_reference'>,
  { reference }: MoneyIn,
): Promise<boolean> {
  if (!reference || isSameReference(reference, sent_reference)) return false
  const now = context.clock.now()
  const since = later(now, -openMs)
  const key = normalReference(reference)
  const other = await context.database.maybe(sql`
    select 1 from payments where merchant_id = ${merchant_id} and reference_key = ${key} and id <> ${id} and id >= ${firstIdOf(since)}
      and ${isOfSlice(sql`id`, sql`any (${slicesSince(since, now)}::text[])`)} and status in ('created', 'pending')
    union all
    select 1 from invoices where merchant_id = ${merchant_id} and reference_key = ${key} and ${key} <> '' and id <> ${id}
      and status in ('open', 'part_paid')
    limit 1`)
  return other !== undefined
}
