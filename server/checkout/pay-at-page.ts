import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Payment } from '../payments/payment.ts'
import { begin } from './begin.ts'
import { isFree } from './bill.ts'
import type { AtPage, InvoiceBill, LinkBill, RefusedAtPage } from './bill.ts'
import { readCents } from './typed-amount.ts'

type AnyBill = InvoiceBill | LinkBill

const nameMax = 100
const idNumberMax = 40

/**
 * Has a bill made out at the page of a provider, for an invoice or at a link, and answers the payment; or what is wrong with what
 * was typed. A bill that is still open there, for the same payer and as much, or of the invoice and paid in part, is the one: nobody
 * is to pay both.
 */
export async function payAtPage(
  context: Context,
  bill: AnyBill,
  { seen, ...typed }: AtPage & { seen: string },
): Promise<{ id: string } | { refused: RefusedAtPage; status: 400 | 429 }> {
  const { name, id_number, amount } = clip(typed)
  const amount_cents = isFree(bill) ? readAmount(bill, amount) : bill.amount_cents
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
  const payable = bill.kind === 'inv' ? { kind: bill.kind, bill: bill.invoice } : { kind: bill.kind, bill: bill.link }
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
function readAmount({ amount_cents, atPage }: AnyBill, typed: string): number | undefined {
  const cents = readCents(typed)
  const most = Math.min(amount_cents || atPage!.most_cents, atPage!.most_cents)
  return cents !== undefined && cents >= 1_00 && cents <= most ? cents : undefined
}

function findOpen(
  { database }: Context,
  bill: AnyBill,
  { amount_cents, id_number }: { amount_cents: number; id_number: string },
): Promise<Pick<Payment, 'id'> | undefined> {
  const { merchant_id } = bill.kind === 'inv' ? bill.invoice : bill.link
  const same = sql`(amount_cents = ${amount_cents} and payer_id_number = ${id_number})`
  // Of an invoice there is one debt, whoever pays it. At a link everybody pays their own.
  const own =
    bill.kind === 'inv'
      ? sql`invoice_id = ${bill.invoice.id} and (received_cents > 0 or ${same})`
      : sql`link_id = ${bill.link.id} and ${same}`
  return database.maybe<Pick<Payment, 'id'>>(sql`
    select id from payments where merchant_id = ${merchant_id} and ${own}
      and provider = ${bill.atPage!.provider} and status in ('created', 'pending')
    order by id desc limit 1`)
}
