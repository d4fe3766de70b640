import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { parseShillings } from '../money.ts'
import type { Payment } from '../payments/payment.ts'
import { begin } from './begin.ts'
import type { AtPage, InvoiceBill, RefusedAtPage } from './bill.ts'

const nameMax = 100
const idNumberMax = 40

/**
 * Has a bill made out at the page of a provider, for an invoice, and answers the payment; or what is wrong with what was typed.
 * A bill that is still open there, for the same payer and as much, or paid in part, is the one: nobody is to pay both.
 */
export async function payAtPage(
  context: Context,
  bill: InvoiceBill,
  { seen, ...typed }: AtPage & { seen: string },
): Promise<{ id: string } | { refused: RefusedAtPage; status: 400 | 429 }> {
  const { name, id_number, amount } = clip(typed)
  const amount_cents = bill.invoice.instalments ? readAmount(bill, amount) : bill.amount_cents
  const because: RefusedAtPage['because'] = {
    ...(!amount_cents && { amount: amount ? ('amount_wrong_there' as const) : ('amount_missing' as const) }),
    ...(!name && { name: 'name_missing' as const }),
    ...(!id_number && { id_number: 'id_number_missing' as const }),
  }
  const refused = { name, id_number, amount, because }
  if (!amount_cents || !name || !id_number) return { refused, status: 400 }
  const open = await findOpen(context, bill, { amount_cents, id_number })
  if (open) return open
  const customer = { name, id_number }
  const payable = { kind: 'inv', bill: bill.invoice } as const
  const id = await begin(context, payable, { amount_cents, seen, provider: bill.atPage!.provider, customer })
  return id ? { id } : { refused: { ...refused, because: { form: 'asked_too_often' } }, status: 429 }
}

function clip({ name, id_number, amount }: AtPage): AtPage {
  const short = (text: string, max: number) =>
    text
      .replace(/[\s\p{C}]+/gu, ' ')
      .trim()
      .slice(0, max)
  return { name: short(name, nameMax), id_number: short(id_number, idNumberMax), amount: short(amount, nameMax) }
}

/** Shillings and cents, no more than is owed or than one bill takes. */
function readAmount({ amount_cents, atPage }: InvoiceBill, typed: string): number | undefined {
  const cents = parseShillings(typed.replace(/^\s*(ksh|kes)|[\s,]|\/[-=]\s*$/gi, ''))
  return cents !== undefined && cents >= 1_00 && cents <= Math.min(amount_cents, atPage!.most_cents) ? cents : undefined
}

function findOpen(
  { database }: Context,
  { invoice, atPage }: InvoiceBill,
  { amount_cents, id_number }: { amount_cents: number; id_number: string },
): Promise<Pick<Payment, 'id'> | undefined> {
  return database.maybe<Pick<Payment, 'id'>>(sql`
    select id from payments where merchant_id = ${invoice.merchant_id} and invoice_id = ${invoice.id}
      and provider = ${atPage!.provider} and status in ('created', 'pending')
      and (received_cents > 0 or (amount_cents = ${amount_cents} and payer_id_number = ${id_number}))
    order by id desc limit 1`)
}
