import type { Context } from '../context.ts'
import { rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { dueOf } from '../invoices/invoice.ts'
import type { Invoice } from '../invoices/invoice.ts'
import { payByMoney } from '../payments/pay-by-money.ts'
import type { Meant } from '../payments/pay-by-money.ts'
import { linkReversals } from '../refunds/link-reversals.ts'
import { isMeantForAnother, judgeClaim, notInBooks } from './claim.ts'
import type { ClaimAnswer } from './claim.ts'
import { findReceived } from './find.ts'
import { askProvider, findClaim, keepClaim } from './kept-claim.ts'
import { nameOf } from './money-in.ts'
import type { MoneyIn } from './money-in.ts'

/**
 * Takes a payer's word that a receipt paid an invoice, or a part of one that is paid in instalments. It is held to what a payment
 * is held to: the money must be in the books, free, in the account of the invoice, no more than is owed, come since the invoice was
 * made, and nothing may say that it was meant for something else. It is then put to the invoice. Safe to repeat.
 */
export async function claimForInvoice(context: Context, invoice: Invoice, receipt: string): Promise<ClaimAnswer> {
  const subject = { ...invoice, kind: 'invoice' } as const
  if (!(await keepClaim(context, subject, receipt))) return 'too_many'
  const answer = await followInvoiceClaim(context, invoice, receipt)
  return answer === 'unknown' && (await askProvider(context, subject, receipt)) ? 'asked' : (answer ?? 'unknown')
}

/** What has become of a receipt that was named at an invoice, to which it is put if it can; undefined when it was not named. */
export async function followInvoiceClaim(
  context: Context,
  invoice: Invoice,
  receipt: string,
): Promise<ClaimAnswer | undefined> {
  const claim = await findClaim(context, { ...invoice, kind: 'invoice' }, receipt)
  if (!claim) return undefined
  const money = await context.gather(findReceived, { ...nameIn(invoice), receipt })
  if (!money) return notInBooks(claim, context.clock.now())
  if (await wasPutTo(context, invoice, money)) return 'settled'
  const answer = judge(context, invoice, money)
  if (answer !== 'fits') return answer
  if (await isMeantForAnother(context, { ...invoice, sent_reference: invoice.reference }, money)) return 'unsure'
  const [paid] = await payByMoney(context, meantByClaim(money, invoice))
  const { payment_id } = paid!
  if (payment_id && money.reversed_cents > 0) await linkReversals(context, [{ ...money, payment_id }])
  // Of one receipt there is one payment: whoever was faster has named another invoice with it.
  return (await wasPutTo(context, invoice, { ...money, payment_id: payment_id ?? null })) ? 'settled' : 'unsure'
}

/** For each, the open invoice at which alone its receipt was named and which it fits; undefined where there is none, or more than one. */
export async function findClaimingInvoices(context: Context, arrived: MoneyIn[]): Promise<(Invoice | undefined)[]> {
  const types = { merchant_id: 'uuid', provider: 'text', environment: 'text', receipt: 'text' } as const
  const names = arrived.map(({ merchant_id, provider, environment, receipt }) => ({
    merchant_id,
    provider,
    environment,
    receipt,
  }))
  const found = await context.database.query<Invoice & { receipt: string }>(sql`
    select c.receipt, i.* from ${rows(names, 'm', types)} join claims c using (merchant_id, provider, environment, receipt)
    join invoices i on i.merchant_id = c.merchant_id and i.id = c.invoice_id`)
  return Promise.all(
    arrived.map(async (money) => {
      const free = { ...money, match_at: null }
      const [invoice, ...others] = found.filter(
        (row) => nameOf(row) === nameOf(money) && judge(context, row, free) === 'fits',
      )
      if (!invoice || others.length > 0) return undefined
      const isOthers = await isMeantForAnother(context, { ...invoice, sent_reference: invoice.reference }, money)
      return isOthers ? undefined : invoice
    }),
  )
}

/** The payment that money becomes because its receipt was named at an invoice. */
export function meantByClaim(money: MoneyIn, invoice: Invoice): (Meant & { money: MoneyIn })[] {
  const message = `The payer named this receipt at the page of the invoice ${invoice.reference}, and the money is in the books, free, of no more than is owed.`
  const timed = { ...money, paid_at: money.paid_at ?? money.created_at }
  return [{ money: timed, invoice, evidence: { source: 'operator', message } }]
}

function judge({ clock }: Context, invoice: Invoice, money: MoneyIn): ClaimAnswer | 'fits' {
  const due = dueOf(invoice)
  const fits = invoice.instalments ? money.amount_cents <= due : money.amount_cents === due
  if (money.unmatched_because === 'several_invoices') return 'unsure'
  return judgeClaim(
    {
      id: '',
      provider_account_id: invoice.provider_account_id,
      amount_cents: fits ? money.amount_cents : due,
      commission_cents: 0,
      status: 'created',
      provider_receipt: null,
      created_at: invoice.created_at,
    },
    money,
    clock.now(),
  )
}

async function wasPutTo(
  { database }: Context,
  { merchant_id, id }: Invoice,
  { payment_id }: MoneyIn,
): Promise<boolean> {
  if (!payment_id) return false
  const part = await database.maybe(sql`
    select 1 from allocations where merchant_id = ${merchant_id} and payment_id = ${payment_id} and invoice_id = ${id} and amount_cents > 0`)
  return part !== undefined
}

function nameIn({ merchant_id, provider, environment }: Invoice) {
  return { merchant_id, provider, environment }
}
