import type { Mode } from '../../access/key.ts'
import type { Context } from '../../context.ts'
import { findInvoice, listInvoices, listParts } from '../../invoices/find.ts'
import { dueOf, overOf } from '../../invoices/invoice.ts'
import type { Invoice } from '../../invoices/invoice.ts'
import { assignToInvoices } from '../../money-in/assign-to-invoices.ts'
import { Problem } from '../../problem.ts'

type Asked = { merchant_id: string; mode: Mode }

const shown = 8

/** The invoices that the credit of one could be put to: those that still owe, of the same customer first. */
export async function findOwingBeside(
  context: Context,
  { invoice, search, mode }: { invoice: Invoice; search: string; mode: Mode },
): Promise<Invoice[]> {
  if (overOf(invoice) === 0) return []
  const { merchant_id, environment, customer_phone } = invoice
  const list = async (filter: { search?: string; customer_phone?: string }) => {
    const { rows } = await listInvoices(context, { merchant_id, mode, limit: 50, filter: { environment, ...filter } })
    return rows.filter((one) => one.id !== invoice.id && dueOf(one) > 0).slice(0, shown)
  }
  if (search) return list({ search })
  const theirs = customer_phone ? await list({ customer_phone }) : []
  return theirs.length > 0 ? theirs : list({})
}

/**
 * Puts the credit of one invoice to another: as much as the money that came last can give and the other still owes.
 * @throws a Problem where there is no credit, or no M-Pesa code to take it from yet.
 */
export async function putCredit(
  context: Context,
  { merchant_id, mode }: Asked,
  { from, to_id }: { from: Invoice; to_id: string },
): Promise<void> {
  const to = await findInvoice(context, { merchant_id, mode, id: to_id }, 'to')
  const [parts, theirs] = await Promise.all([listParts(context, from), listParts(context, to)])
  const last = parts.findLast(({ receipt }) => receipt !== null)
  if (!last || overOf(from) === 0)
    throw new Problem('conflict', 'There is no credit here that can be put elsewhere.', 'to')
  const held = theirs.find(({ payment_id }) => payment_id === last.payment_id)?.amount_cents ?? 0
  const moved = Math.min(overOf(from), last.amount_cents, dueOf(to))
  if (moved === 0) throw new Problem('conflict', `Nothing is left to pay of ${to.reference}.`, 'to')
  await assignToInvoices(context, {
    merchant_id,
    mode,
    receipt: last.receipt!,
    parts: [{ invoice_id: to.id, amount_cents: held + moved }],
  })
}
