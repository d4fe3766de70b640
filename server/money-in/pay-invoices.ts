import type { Context } from '../context.ts'
import { findOwing } from '../invoices/by-reference.ts'
import type { Invoice } from '../invoices/invoice.ts'
import type { PaymentEffect } from '../payments/effect.ts'
import { payByMoney } from '../payments/pay-by-money.ts'
import { linkReversals } from '../refunds/link-reversals.ts'
import { findClaimingInvoices, meantByClaim } from './claim-of-invoice.ts'
import type { MoneyIn } from './money-in.ts'

/** What became of money that was held against the open invoices: their payment, or why there is none. */
export type HeldAgainst = { money: MoneyIn; because: 'no_payment' | 'several_invoices' | PaymentEffect }

/**
 * Makes a payment of each open invoice that alone has the reference of money which no payment explains, or at which its payer has
 * named its receipt. Answers the money that is nobody's still, with the reason.
 */
export async function payInvoices(context: Context, arrived: MoneyIn[]): Promise<HeldAgainst[]> {
  const timed = arrived.map((money) => ({ ...money, paid_at: money.paid_at ?? money.created_at }))
  const owing = timed.length > 0 ? await findOwing(context, timed) : []
  const meant = [
    ...timed.flatMap((money, index) => (owing[index]!.length === 1 ? byReference(money, owing[index]![0]!) : [])),
    ...(await findClaimed(
      context,
      timed.filter((_, index) => owing[index]!.length === 0),
    )),
  ]
  const paid = await payByMoney(context, meant)
  await linkReversals(
    context,
    meant.flatMap(({ money }, index) => {
      const { payment_id } = paid[index]!
      return payment_id && money.reversed_cents > 0 ? [{ ...money, payment_id }] : []
    }),
  )
  return timed.flatMap((money, index): HeldAgainst[] => {
    const at = meant.findIndex((one) => one.money === money)
    if (at < 0) return [{ money, because: owing[index]!.length > 1 ? 'several_invoices' : 'no_payment' }]
    const { payment_id, effect } = paid[at]!
    return payment_id ? [] : [{ money, because: effect }]
  })
}

type Timed = MoneyIn & { paid_at: Date }

function byReference(money: Timed, invoice: Invoice) {
  const message = `A customer paid with the reference of the invoice ${invoice.reference}.`
  return [
    { money, invoice, evidence: { source: 'callback' as const, callback_id: money.callback_id ?? undefined, message } },
  ]
}

async function findClaimed(context: Context, arrived: Timed[]) {
  const invoices = arrived.length > 0 ? await findClaimingInvoices(context, arrived) : []
  return arrived.flatMap((money, index) => (invoices[index] ? meantByClaim(money, invoices[index]) : []))
}
