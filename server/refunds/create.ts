import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Queryable, Transaction } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { claimKey, findFirstRequests, replay } from '../api/idempotency.ts'
import type { Creation, Repeatable } from '../api/idempotency.ts'
import { accountOf } from '../accounts/find.ts'
import type { Account } from '../accounts/account.ts'
import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import { formatKes, toShillings } from '../money.ts'
import { findPayments } from '../payments/find.ts'
import type { Payment } from '../payments/payment.ts'
import { Problem } from '../problem.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import { firstCheckAt, outcomeDueAt } from '../evidence/check.ts'
import { keepOutcome } from '../evidence/outcome.ts'
import { findRefund } from './find.ts'
import type { Refund } from './refund.ts'
import { settleRefund } from './settle.ts'

/** What a merchant asks for. Without an amount all that is left of the payment goes back. */
export type RefundInput = {
  merchant_id: string
  mode: Mode
  payment_id: string
  amount_cents?: number
  reason?: string
  origin?: 'api' | 'dashboard'
  /** The caller's Idempotency-Key. */
  idempotency?: Repeatable
}

/**
 * Gives the money of a completed payment back, all or a part: its amount is reserved on the payment and the intent committed
 * with it, then the provider is called, then its answer is kept. Never is more reserved and given back than was received.
 * The outcome comes by callback; until evidence of failure the reservation stays.
 * @throws a Problem for what cannot be refunded.
 */
export async function createRefund(context: Context, input: RefundInput): Promise<Creation<Refund>> {
  const payment = await paymentOf(context, input)
  const account = await accountOf(context, payment)
  const refund = await context.database.transaction((transaction) =>
    commitIntent(context, transaction, { input, payment, account }),
  )
  if (!refund) return repeat(context, input)
  await requestRefund(context, account, refund)
  return { made: await findRefund(context, refund), isRepeat: false }
}

async function paymentOf(context: Context, { merchant_id, payment_id, mode }: RefundInput): Promise<Payment> {
  const payment = await context.gather(findPayments, { merchant_id, id: payment_id, mode })
  if (payment) return payment
  throw new Problem('not_found', 'There is no such payment, or it is not yours.', 'payment_id')
}

type Intent = { input: RefundInput; payment: Payment; account: Account }

/** Undefined when a request with the same key was there before. */
async function commitIntent(
  context: Context,
  transaction: Transaction,
  { input, payment, account }: Intent,
): Promise<Refund | undefined> {
  const now = context.clock.now()
  const { merchant_id, reason, origin = 'api', idempotency } = input
  const id = newId(now)
  if (idempotency && !(await claimKey(transaction, { ...idempotency, object_id: id, created_at: now })))
    return undefined

  const amount_cents = input.amount_cents ?? leftOf(payment)
  refuseUnrefundable(context, { payment, account, amount_cents })
  const reserved = await transaction.maybe<Payment>(sql`
    update payments set reserved_cents = reserved_cents + ${amount_cents}, updated_at = ${now}
    where merchant_id = ${merchant_id} and id = ${payment.id} and status = 'completed' and provider_receipt is not null
      and refunded_cents + reserved_cents + ${amount_cents} <= received_cents
    returning *`)
  if (!reserved) {
    refuseUnrefundable(context, { payment: await readAgain(transaction, payment), account, amount_cents })
    throw new Problem('conflict', 'The payment changed at this very moment. Ask again.', 'payment_id')
  }
  await writeAudit(transaction, context, {
    merchant_id,
    action: 'refund.created',
    subject: showId('ref', id),
    details: { payment_id: showId('pay', payment.id), amount: toShillings(amount_cents) },
  })
  return transaction.one<Refund>(sql`
    insert into refunds (merchant_id, id, payment_id, provider_account_id, provider, environment, origin, status, amount_cents, reason,
      idempotency_key, payment_receipt, created_at, updated_at, check_at)
    values (${merchant_id}, ${id}, ${payment.id}, ${reserved.provider_account_id}, ${reserved.provider}, ${reserved.environment},
      ${origin}, 'created', ${amount_cents}, ${reason}, ${idempotency?.key}, ${reserved.provider_receipt}, ${now}, ${now},
      ${outcomeDueAt(now)})
    returning *`)
}

/** What neither went back nor is about to. */
function leftOf({ received_cents, refunded_cents, reserved_cents }: Payment): number {
  return received_cents - refunded_cents - reserved_cents
}

function refuseUnrefundable(
  context: Context,
  { payment, account, amount_cents }: { payment: Payment; account: Account; amount_cents: number },
): void {
  const { refuse } = supported(
    providerOf(context, payment).refunds,
    `Money paid through ${payment.provider} cannot be refunded here.`,
  )
  if (payment.status === 'reversed')
    throw new Problem('not_refundable', 'All of this payment is back with its payer already.', 'payment_id')
  if (payment.status !== 'completed')
    throw new Problem(
      'not_refundable',
      `Only completed payments can be refunded, and this one is ${payment.status === 'failed' ? 'failed' : 'pending'}.`,
      'payment_id',
    )
  if (!payment.provider_receipt)
    throw new Problem(
      'receipt_awaited',
      'The M-Pesa code of this payment is not known yet, and without it nothing can be given back. It is being sought; try again later.',
      'payment_id',
    )
  if (amount_cents > leftOf(payment) || amount_cents <= 0) throw exceeds(payment)
  refuse(account, { amount_cents })
}

function exceeds(payment: Payment): Problem {
  const { received_cents, refunded_cents, reserved_cents } = payment
  const parts = `${formatKes(received_cents)} came, ${formatKes(refunded_cents)} went back and ${formatKes(reserved_cents)} is on its way back`
  const message = `At most ${formatKes(Math.max(0, leftOf(payment)))} shillings can be refunded: ${parts}.`
  return new Problem('refund_exceeds_received', message, 'amount')
}

function readAgain(queryable: Queryable, { merchant_id, id }: Payment): Promise<Payment> {
  return queryable.one<Payment>(sql`select * from payments where merchant_id = ${merchant_id} and id = ${id}`)
}

async function repeat(context: Context, { merchant_id, idempotency }: RefundInput): Promise<Creation<Refund>> {
  const [first] = await findFirstRequests(context, [idempotency!])
  const known = replay(context, first!, idempotency!)
  return known ?? { made: await findRefund(context, { merchant_id, id: first!.object_id }), isRepeat: true }
}

/** Asks the provider for a refund whose intent is committed, and keeps what it answered. Never asks twice. */
async function requestRefund(context: Context, account: Account, refund: Refund): Promise<void> {
  const outcome = await providerOf(context, refund).refunds!.request(context, account, refund)
  const at = context.clock.now()
  await keepOutcome(context, settleRefund, {
    id: newId(at),
    merchant_id: refund.merchant_id,
    refund_id: refund.id,
    source: 'ack',
    at,
    verdict: outcome.kind === 'refused' ? 'failure' : null,
    provider_outcome: outcome.kind,
    message: outcome.message,
    ...(outcome.kind === 'accepted' && {
      check_at: firstCheckAt(at),
      conversation_id: outcome.conversation_id,
      originator_conversation_id: outcome.originator_conversation_id,
    }),
    ...(outcome.kind === 'refused' && { failure_code: 'refused', provider_code: outcome.code }),
    raw: outcome.raw === undefined ? undefined : Buffer.from(outcome.raw),
  })
}
