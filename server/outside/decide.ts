import { writeAudit } from '../access/audit.ts'
import { requireConfirmed } from '../access/owner.ts'
import { requireSecondPerson } from '../access/second-person.ts'
import type { Context } from '../context.ts'
import { again } from '../database/collision.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { invoicesMovedOutside } from '../invoices/change.ts'
import type { Invoice } from '../invoices/invoice.ts'
import { refuseUnowed } from '../invoices/payable.ts'
import { toShillings } from '../money.ts'
import { Problem } from '../problem.ts'
import { findOutsidePayment } from './find.ts'
import type { OutsideName } from './find.ts'
import type { OutsidePayment } from './outside-payment.ts'
import { refuseBooked } from './record.ts'

/**
 * Agrees that an invoice was paid elsewhere: from now on it is paid, or paid in part, and the merchant is told, once.
 * @throws a Problem when it no longer waits, when whoever asks is the person who recorded it, or when that much is no longer owed.
 */
export async function approveOutsidePayment(context: Context, name: OutsideName): Promise<OutsidePayment> {
  requireConfirmed(context)
  return decide(context, name, async (transaction, { row, invoice }) => {
    requireSecondPerson(context, row, 'You recorded this. Another of you must agree.')
    refuseUnowed(invoice, row)
    await refuseBooked(transaction, row)
    await writeDecision(context, transaction, row, { status: 'approved' })
    await moveInvoice(context, transaction, row, row.amount_cents)
  })
}

/**
 * Rejects what was recorded as paid elsewhere: nothing is paid by it. Whoever recorded it may take it back so.
 * @throws a Problem when it no longer waits.
 */
export function rejectOutsidePayment(context: Context, name: OutsideName, reason?: string): Promise<OutsidePayment> {
  return decide(context, name, (transaction, { row }) =>
    writeDecision(context, transaction, row, { status: 'rejected', notes: reason }),
  )
}

/**
 * Withdraws what two people agreed on: a cheque that was not honoured, the slip of somebody else. The invoice owes it again.
 * @throws a Problem when it does not count.
 */
export async function withdrawOutsidePayment(
  context: Context,
  name: OutsideName,
  notes: string,
): Promise<OutsidePayment> {
  requireConfirmed(context)
  const { merchant_id, id } = await findOutsidePayment(context, name)
  const now = context.clock.now()
  const withdrawn = await again(context, () =>
    context.database.transaction(async (transaction) => {
      const { row } = await lock(transaction, { merchant_id, id })
      if (row.status !== 'approved')
        throw new Problem('conflict', 'Only what was agreed on can be withdrawn: this pays nothing.', 'id')
      await moveInvoice(context, transaction, row, -row.amount_cents)
      await audit(context, transaction, row, { did: 'withdrawn', notes })
      return transaction.one<OutsidePayment>(sql`
        update outside_payments set status = 'withdrawn', withdrawn_by = ${context.actor}, withdrawn_at = ${now},
          withdrawal_notes = ${notes}, updated_at = ${now}
        where merchant_id = ${merchant_id} and id = ${id} returning *`)
    }),
  )
  announce(context, withdrawn)
  return withdrawn
}

type Locked = { row: OutsidePayment; invoice: Invoice }

async function decide(
  context: Context,
  name: OutsideName,
  work: (transaction: Transaction, locked: Locked) => Promise<void>,
): Promise<OutsidePayment> {
  const found = await findOutsidePayment(context, name)
  await again(context, () =>
    context.database.transaction(async (transaction) => {
      const locked = await lock(transaction, found)
      if (locked.row.status !== 'awaiting_approval')
        throw new Problem(
          'conflict',
          'This does not wait for a second person any longer: it was decided already.',
          'id',
        )
      await work(transaction, locked)
    }),
  )
  announce(context, found)
  return findOutsidePayment(context, name)
}

/** It and its invoice, held until the end of the transaction: the invoice first, as whatever else is put to it does. */
async function lock(
  transaction: Transaction,
  { merchant_id, id }: Pick<OutsidePayment, 'merchant_id' | 'id'>,
): Promise<Locked> {
  const invoice = await transaction.one<Invoice>(sql`
    select i.* from invoices i where i.merchant_id = ${merchant_id} and i.id = (
      select o.invoice_id from outside_payments o where o.merchant_id = ${merchant_id} and o.id = ${id}) for update`)
  const row = await transaction.one<OutsidePayment>(
    sql`select * from outside_payments where merchant_id = ${merchant_id} and id = ${id} for update`,
  )
  return { row, invoice }
}

async function writeDecision(
  context: Context,
  transaction: Transaction,
  row: OutsidePayment,
  { status, notes }: { status: 'approved' | 'rejected'; notes?: string | undefined },
): Promise<void> {
  const now = context.clock.now()
  await transaction.query(sql`
    update outside_payments set status = ${status}, decided_by = ${context.actor}, decided_at = ${now},
      decision_notes = ${notes ?? null}, updated_at = ${now}
    where merchant_id = ${row.merchant_id} and id = ${row.id}`)
  await audit(context, transaction, row, { did: status, notes })
}

function audit(
  context: Context,
  transaction: Transaction,
  { merchant_id, id, invoice_id, amount_cents, alternate_reference }: OutsidePayment,
  { did, notes }: { did: string; notes?: string | undefined },
): Promise<void> {
  return writeAudit(transaction, context, {
    merchant_id,
    action: `outside_payment.${did}`,
    subject: showId('inv', invoice_id),
    details: {
      outside_payment: showId('out', id),
      amount: toShillings(amount_cents),
      alternate_reference,
      ...(notes !== undefined && { notes }),
    },
  })
}

async function moveInvoice(
  context: Context,
  transaction: Transaction,
  { merchant_id, invoice_id }: OutsidePayment,
  cents: number,
): Promise<void> {
  const now = context.clock.now()
  await transaction.query(sql`
    with ${invoicesMovedOutside(sql`select ${merchant_id}::uuid as merchant_id, ${invoice_id}::uuid as invoice_id, ${cents}::bigint as cents,
      ${newId(now)}::uuid as event_id, ${now}::timestamptz as at`)}
    select id from invoiced`)
}

function announce({ signals }: Context, { invoice_id }: OutsidePayment): void {
  signals.changed(invoice_id)
  signals.wake('deliveries')
}
