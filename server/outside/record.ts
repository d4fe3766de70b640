import { dayOf } from '../day.ts'
import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import { claimKey, repeated } from '../api/idempotency.ts'
import type { Creation, Repeatable } from '../api/idempotency.ts'
import type { Context } from '../context.ts'
import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Queryable, Transaction } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { findInvoice } from '../invoices/find.ts'
import { dueOf } from '../invoices/invoice.ts'
import type { Invoice } from '../invoices/invoice.ts'
import { refuseUnowed } from '../invoices/payable.ts'
import { toShillings } from '../money.ts'
import { Problem } from '../problem.ts'
import { normalReceipt } from '../receipt.ts'
import { findOutsidePayment } from './find.ts'
import type { OutsidePayment } from './outside-payment.ts'

/** What a person says was paid for an invoice, and where. */
export type OutsideInput = {
  merchant_id: string
  mode: Mode
  invoice_id: string
  method: OutsidePayment['method']
  alternate_reference: string
  /** All that is left to pay, where none is given. */
  amount_cents?: number
  /** A day of Nairobi, `2026-11-25`. */
  paid_on?: string
  notes: string
  idempotency?: Repeatable
}

/**
 * Keeps what a person says was paid for an invoice elsewhere. Nothing is paid by it: it waits for a second person.
 * @throws a Problem where that much is not owed, or where the reference is that of money in the books.
 */
export async function recordOutsidePayment(context: Context, input: OutsideInput): Promise<Creation<OutsidePayment>> {
  const { merchant_id, mode, invoice_id, paid_on, idempotency } = input
  const invoice = await findInvoice(context, { merchant_id, mode, id: invoice_id })
  if (paid_on !== undefined && paid_on > dayOf(context.clock.now()))
    throw new Problem('invalid_request', 'This day has not come: what was paid, was paid by today.', 'paid_on')
  const made = await context.database.transaction(async (transaction) => {
    const now = context.clock.now()
    const id = newId(now)
    if (idempotency && !(await claimKey(transaction, { ...idempotency, object_id: id, created_at: now })))
      return undefined
    return insert(context, transaction, { id, invoice, input })
  })
  if (!made)
    return repeated(context, input.idempotency!, (id) =>
      findOutsidePayment(context, { merchant_id: input.merchant_id, id }),
    )
  context.signals.changed(invoice.id)
  context.signals.wake('attention')
  return { made, isRepeat: false }
}

async function insert(
  context: Context,
  transaction: Transaction,
  { id, invoice, input }: { id: string; invoice: Invoice; input: OutsideInput },
): Promise<OutsidePayment> {
  const now = context.clock.now()
  const { merchant_id, environment } = invoice
  const { method, alternate_reference, paid_on, notes, idempotency, amount_cents = dueOf(invoice) } = input
  refuseUnowed(invoice, { amount_cents, environment })
  await refuseBooked(transaction, { merchant_id, environment, alternate_reference })
  const made = await transaction.maybe<OutsidePayment>(sql`
    insert into outside_payments ${columns<Partial<Record<keyof OutsidePayment, unknown>>>({
      merchant_id,
      id,
      invoice_id: invoice.id,
      environment,
      status: 'awaiting_approval',
      method,
      alternate_reference,
      amount_cents,
      paid_on: sql`${paid_on ?? null}::date`,
      notes,
      idempotency_key: idempotency?.key,
      created_by: context.actor,
      person: context.person ?? context.actor,
      created_at: now,
      updated_at: now,
    })} on conflict do nothing returning *`)
  if (!made)
    throw new Problem(
      'conflict',
      `"${alternate_reference}" is recorded for this invoice already. What one reference paid is recorded once.`,
      'alternate_reference',
    )
  await writeAudit(transaction, context, {
    merchant_id,
    action: 'outside_payment.recorded',
    subject: showId('inv', invoice.id),
    details: {
      outside_payment: showId('out', id),
      amount: toShillings(amount_cents),
      method,
      alternate_reference,
      notes,
    },
  })
  return made
}

/** @throws a Problem where the reference is the receipt of money that is in the books: that is put to the invoice, and counts once. */
export async function refuseBooked(
  queryable: Queryable,
  {
    merchant_id,
    environment,
    alternate_reference,
  }: Pick<OutsidePayment, 'merchant_id' | 'environment' | 'alternate_reference'>,
): Promise<void> {
  const receipt = normalReceipt(alternate_reference)
  if (receipt === undefined) return
  const booked = await queryable.query(sql`
    select 1 from money_in where merchant_id = ${merchant_id} and environment = ${environment} and receipt = ${receipt} limit 1`)
  if (booked.length === 0) return
  throw new Problem(
    'conflict',
    {
      said: `The money of ${receipt} is in the books: it was not paid elsewhere. Put it to the invoice at its page.`,
      byApi: `That is POST /v1/money-in/${receipt}/assign.`,
    },
    'alternate_reference',
    { receipt },
  )
}
