import type { Context } from '../context.ts'
import { again } from '../database/collision.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import type { EvidenceSource } from '../evidence/evidence.ts'
import { newId, showId } from '../id.ts'
import { handOver } from '../invoices/hand-over.ts'
import { takeBack } from '../invoices/take-back.ts'
import type { Payment } from './payment.ts'
import { settlement } from './settlement.ts'

/** Evidence that named a payment with certainty, and the receipt of another. */
export type Used = { merchant_id: string; payment_id: string; evidence_id: string }

/** Both payments, and what the evidence said. */
type Pair = {
  payment: Payment
  made: Payment
  source: EvidenceSource
  receipt: string
  amount_cents: number | null
  callback_id: string | null
}

/**
 * Folds the payment that was made of money when that came by itself into the one that its receipt turns out to be of: the receipt,
 * the money and what was put to invoices are that one's from now on. The money was told of when it came, so that nothing is told
 * again. Whatever of it went back already, or is about to, stays for a person. Safe to repeat.
 */
export async function foldMade(context: Context, used: Used[]): Promise<void> {
  for (const one of used) {
    const folded = await again(context, () =>
      context.database.transaction((transaction) => fold(context, transaction, one)),
    )
    if (!folded) continue
    context.signals.wake('deliveries')
    for (const id of [one.payment_id, folded.made.id, folded.made.invoice_id]) if (id) context.signals.changed(id)
  }
}

async function fold(context: Context, transaction: Transaction, used: Used): Promise<Pair | undefined> {
  const pair = await findPair(transaction, used)
  if (!pair) return undefined
  const { payment, made } = pair
  const { merchant_id } = payment
  await release(context, transaction, pair)
  const [settled] = await transaction.query<{ effect: string }>(
    settlement(context, [{ evidence: evidenceOf(context, pair), repeats: [] }], { takesOver: true }),
  )
  if (settled?.effect !== 'took_over' && settled?.effect !== 'receipt')
    throw new Error(`A payment that is folded into another was not taken over: ${settled?.effect}.`)
  // One that was completed without a receipt has counted already: what came by itself was the same money.
  if (payment.allocated_cents > 0) await takeBack(context, transaction, [{ merchant_id, payment_id: made.id }])
  else {
    await handOver(context, transaction, { merchant_id, from_id: made.id, to_id: payment.id })
    await transaction.query(sql`
      update payments set allocated_cents = ${made.allocated_cents}, invoice_id = ${made.invoice_id}
      where merchant_id = ${merchant_id} and id = ${payment.id}`)
  }
  return pair
}

async function findPair(transaction: Transaction, { merchant_id, payment_id, evidence_id }: Used) {
  const evidence = await transaction.maybe<Omit<Pair, 'payment' | 'made'>>(sql`
    select source, receipt, amount_cents, callback_id from evidence
    where merchant_id = ${merchant_id} and id = ${evidence_id} and source in ('callback', 'query', 'status')`)
  if (!evidence) return undefined
  const payments = await transaction.query<Payment>(sql`
    select p.* from payments p
    where p.merchant_id = ${merchant_id} and (p.id = ${payment_id} or p.id in (select c.id from payments c
      join payments t on t.merchant_id = c.merchant_id and t.provider = c.provider and t.environment = c.environment
      where t.merchant_id = ${merchant_id} and t.id = ${payment_id} and c.provider_receipt = ${evidence.receipt}))
    order by p.id for update`)
  const payment = payments.find(({ id }) => id === payment_id)
  const made = payments.find(({ id }) => id !== payment_id)
  return payment && made && mayFold(payment, made) ? { ...evidence, payment, made } : undefined
}

function mayFold(payment: Payment, made: Payment): boolean {
  return (
    made.origin === 'c2b' &&
    made.status === 'completed' &&
    made.refunded_cents + made.reserved_cents === 0 &&
    made.amount_cents === payment.amount_cents + payment.commission_cents &&
    payment.status !== 'reversed' &&
    payment.provider_receipt === null
  )
}

/** Takes receipt and money from the payment that was made of it. */
async function release({ clock }: Context, transaction: Transaction, { payment, made, receipt }: Pair): Promise<void> {
  const { merchant_id, provider, environment, id } = made
  await transaction.query(sql`
    update payments set folded_into = ${payment.id}, provider_receipt = null, receipt_due_at = null, received_cents = 0,
      allocated_cents = 0, needs_attention = null, attention_since = null, updated_at = ${clock.now()}
    where merchant_id = ${merchant_id} and id = ${id}`)
  await transaction.query(sql`
    update money_in set payment_id = null where merchant_id = ${merchant_id} and provider = ${provider}
      and environment = ${environment} and receipt = ${receipt}`)
}

function evidenceOf({ clock }: Context, { payment, made, source, receipt, amount_cents, callback_id }: Pair) {
  const at = clock.now()
  return {
    id: newId(at),
    merchant_id: payment.merchant_id,
    payment_id: payment.id,
    source,
    at,
    verdict: 'success' as const,
    receipt,
    amount_cents: amount_cents ?? undefined,
    callback_id: callback_id ?? undefined,
    paid_at: made.paid_at ?? undefined,
    message: `The same money had made ${showId('pay', made.id)} when it came by itself: that one is folded into this.`,
  }
}
