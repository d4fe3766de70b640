import type { Context } from '../context.ts'
import { receiveMoney } from '../money-in/receive.ts'
import type { Received } from '../money-in/receive.ts'
import { isDenied } from '../payments/ask-denial.ts'
import type { PaymentEvidence } from '../payments/evidence.ts'
import { payByMoney } from '../payments/pay-by-money.ts'
import type { Meant, PaidBy } from '../payments/pay-by-money.ts'
import type { Payment } from '../payments/payment.ts'
import { settlePayments } from '../payments/settle.ts'
import type { PaymentEffect } from '../payments/effect.ts'
import type { Payout } from '../payouts/payout.ts'
import { judgeReturn, settleReturns } from '../payouts/returns.ts'
import type { Return, Returned } from '../payouts/returns.ts'
import { findPayoutsByReceipt } from '../payouts/candidates.ts'
import { settlePayouts } from '../payouts/settle.ts'
import type { PayoutEffect } from '../payouts/effect.ts'
import type { PayoutEvidence } from '../payouts/evidence.ts'
import { judgeReversals, settleReversals } from '../refunds/reversals.ts'
import type { Reversal, ReversalEffect } from '../refunds/reversals.ts'

/** All that a comparison does to the books, so that it can be imagined as well as done. */
export type Deeds = {
  settlePayments(context: Context, meant: { payment: Payment; evidence: PaymentEvidence }[]): Promise<PaymentEffect[]>
  payByMoney(context: Context, meant: Meant[]): Promise<PaidBy[]>
  settlePayouts(context: Context, meant: { payout: Payout; evidence: PayoutEvidence }[]): Promise<PayoutEffect[]>
  settleReversals(context: Context, reversals: Reversal[]): Promise<ReversalEffect[]>
  settleReturns(context: Context, returns: Return[]): Promise<Returned[]>
  receiveMoney(context: Context, received: Received[]): Promise<unknown>
  /** Asks the provider whether a payment failed, and keeps what it says. */
  isDenied(context: Context, payment: Payment): Promise<boolean>
  /** True for a payment that is settled already, where the books do not say so. */
  isSettled(payment: Payment): boolean
}

/** The deeds themselves. */
export const done: Deeds = {
  settlePayments: (context, meant) =>
    settlePayments(
      context,
      meant.map(({ evidence }) => evidence),
    ),
  payByMoney,
  settlePayouts: (context, meant) =>
    settlePayouts(
      context,
      meant.map(({ evidence }) => evidence),
    ),
  settleReversals,
  settleReturns,
  receiveMoney,
  isDenied,
  isSettled: () => false,
}

/** Does nothing, and answers what would be done: what was imagined once is taken for granted afterwards. */
export function imagine(): Deeds {
  const settled = new Set<string>()
  const received = new Set<string>()
  const sent = new Map<string, Payout>()
  return {
    async settlePayments(_context, meant) {
      return meant.map(({ payment, evidence }) => {
        received.add(evidence.receipt!)
        if (settled.has(payment.id)) return 'second_receipt'
        settled.add(payment.id)
        return payment.status === 'completed' ? 'receipt' : 'completed'
      })
    },
    async payByMoney(_context, meant) {
      for (const { money } of meant) received.add(money.receipt)
      return meant.map(() => ({ payment_id: undefined, effect: 'completed' }))
    },
    async settlePayouts(_context, meant) {
      return meant.map(({ payout, evidence }) => {
        sent.set(evidence.receipt!, { ...payout, status: 'completed' })
        return payout.status === 'completed' ? 'receipt' : 'completed'
      })
    },
    async settleReversals(context, reversals) {
      const effects = await judgeReversals(context, reversals)
      return effects.map((effect, index) =>
        effect === 'unknown_receipt' && received.has(reversals[index]!.receipt) ? 'recorded' : effect,
      )
    },
    async settleReturns(context, returns) {
      const known = await findPayoutsByReceipt(context, returns)
      return returns.map((one, index) => {
        const payout = sent.get(one.receipt) ?? known[index]
        const effect = judgeReturn(payout, one)
        if (payout && effect === 'returned') sent.set(one.receipt, { ...payout, status: 'returned' })
        return { effect, payout }
      })
    },
    async receiveMoney(_context, batch) {
      for (const { receipt } of batch) received.add(receipt)
    },
    isDenied: async () => false,
    isSettled: ({ id }) => settled.has(id),
  }
}
