import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { findInvoice } from '../invoices/find.ts'
import type { Invoice } from '../invoices/invoice.ts'
import { formatKes, toShillings } from '../money.ts'
import { findPayment } from '../payments/find.ts'
import { payByMoney } from '../payments/pay-by-money.ts'
import { sharePayment } from '../payments/share.ts'
import { Problem } from '../problem.ts'
import { linkReversals } from '../refunds/link-reversals.ts'
import { findMoney } from './find.ts'
import type { MoneyIn } from './money-in.ts'
import { refuseGone, taken } from './refuse-assignment.ts'

/** What an invoice is to have of money. One that is named alone, without an amount, is to have all of it. */
export type Part = { invoice_id: string; amount_cents?: number }

/**
 * Puts money to invoices: that which no payment explains becomes a payment, and of one that was put to invoices what is credit may
 * be given to others. Each amount is what the invoice is to have of this money in all, so that it is safe to repeat.
 * @throws a Problem when one of them is not the merchant's, when their environments differ, or when there is not as much.
 */
export async function assignToInvoices(
  context: Context,
  { merchant_id, mode, receipt, parts }: { merchant_id: string; mode: Mode; receipt: string; parts: Part[] },
): Promise<MoneyIn> {
  const invoices = await findInvoices(context, { merchant_id, mode, parts })
  const name = { merchant_id, mode, receipt, environment: invoices[0]!.environment }
  const money = await findMoney(context, name)
  refuseOthers(money, invoices)
  const shares = sharesOf(money, parts)
  if (!money.payment_id) refuseBeyond(money, shares)
  const only = invoices.length === 1 && shares[0]!.amount_cents === money.amount_cents ? invoices[0] : undefined
  const payment_id = money.payment_id ?? (await makePayment(context, money, only))
  if (money.payment_id) await refuseOrder(context, money)
  if (money.payment_id || !only) await sharePayment(context, { merchant_id, id: payment_id }, shares)
  await writeAudit(context.database, context, {
    merchant_id,
    action: 'money.assigned',
    subject: receipt,
    details: {
      invoices: shares.map(({ invoice_id, amount_cents }) => ({
        invoice_id: showId('inv', invoice_id),
        amount: toShillings(amount_cents),
      })),
    },
  })
  return findMoney(context, name)
}

async function findInvoices(
  context: Context,
  { merchant_id, mode, parts }: { merchant_id: string; mode: Mode; parts: Part[] },
): Promise<Invoice[]> {
  if (new Set(parts.map(({ invoice_id }) => invoice_id)).size < parts.length)
    throw new Problem(
      'invalid_request',
      'An invoice is named twice: name each once, with all that it is to have.',
      'invoices',
    )
  if (parts.length > 1 && parts.some(({ amount_cents }) => amount_cents === undefined))
    throw new Problem(
      'invalid_request',
      'Of several invoices each has its amount: how much of this money it is to have.',
      'invoices',
    )
  return Promise.all(parts.map(({ invoice_id: id }) => findInvoice(context, { merchant_id, id, mode }, 'invoices')))
}

function refuseOthers(money: MoneyIn, invoices: Invoice[]): void {
  const foreign = invoices.find(({ environment }) => environment !== money.environment)
  if (foreign)
    throw new Problem(
      'conflict',
      `This money came in ${money.environment}; the invoice ${foreign.reference} is one of ${foreign.environment}.`,
      'invoices',
    )
  const voided = invoices.find(({ status }) => status === 'void')
  if (voided) throw new Problem('conflict', `The invoice ${voided.reference} is void: nobody owes it.`, 'invoices')
}

function sharesOf(money: MoneyIn, parts: Part[]) {
  const all = money.amount_cents - money.reversed_cents
  return parts.map(({ invoice_id, amount_cents = all }) => ({ invoice_id, amount_cents }))
}

function refuseBeyond({ amount_cents, reversed_cents }: MoneyIn, shares: { amount_cents: number }[]): void {
  const available = amount_cents - reversed_cents
  if (shares.reduce((sum, share) => sum + share.amount_cents, 0) <= available) return
  throw new Problem(
    'conflict',
    `KES ${formatKes(available)} of this money can be put to invoices, and no more.`,
    'invoices',
  )
}

/** The payment that the money becomes, of the one invoice that has all of it, or of none yet. */
async function makePayment(context: Context, money: MoneyIn, invoice: Invoice | undefined): Promise<string> {
  refuseGone(money)
  const [paid] = await payByMoney(context, [
    {
      money: { ...money, paid_at: money.paid_at ?? money.created_at },
      invoice,
      evidence: { source: 'operator', message: `Put to invoices by ${context.actor}.` },
    },
  ])
  const { payment_id } = paid!
  if (payment_id === undefined) throw taken(await findMoney(context, { ...money, mode: 'live' }))
  await linkReversals(context, [{ ...money, payment_id }])
  return payment_id
}

/** @throws a Problem for the money of an order: what was paid for goods is nobody's to give away. */
async function refuseOrder(context: Context, money: MoneyIn): Promise<void> {
  const { merchant_id, payment_id } = money
  const payment = await findPayment(context, { merchant_id, id: payment_id! })
  if (payment.origin !== 'c2b' && payment.invoice_id === null && payment.allocated_cents === 0) throw taken(money)
}
