import type { Context } from '../context.ts'
import { columns, rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId } from '../id.ts'
import { formatKes } from '../money.ts'
import { Problem } from '../problem.ts'
import type { Allocation } from './allocation.ts'
import { invoicesMoved } from './change.ts'
import { overOf } from './invoice.ts'
import type { Invoice } from './invoice.ts'

/** How much of a payment an invoice is to have. */
export type Share = { invoice_id: string; amount_cents: number }

/** A payment that the transaction has locked, and how much of it may be put to invoices in all. */
type Shared = { merchant_id: string; payment_id: string; available_cents: number; allocated_cents: number }

/**
 * Puts to invoices what each of them is to have of a payment, in the transaction that has locked it: first what is put to none,
 * then what is credit at others. Invoices that are not named keep what they have, but for their credit. Safe to repeat. Answers
 * how much of the payment is put to invoices now. @throws a Problem where there is not as much.
 */
export async function shareOut(
  context: Context,
  transaction: Transaction,
  payment: Shared,
  shares: Share[],
): Promise<number> {
  const { merchant_id, payment_id, available_cents, allocated_cents } = payment
  const held = await transaction.query<Invoice & { held_cents: number }>(sql`
    select i.*, coalesce(a.amount_cents, 0) as held_cents from invoices i
    left join allocations a on a.merchant_id = i.merchant_id and a.invoice_id = i.id and a.payment_id = ${payment_id}
    where i.merchant_id = ${merchant_id} and (a.payment_id is not null or i.id = any (${shares.map((s) => s.invoice_id)}::uuid[]))
    order by i.id for update of i`)
  const wanted = new Map(shares.map((share) => [share.invoice_id, share.amount_cents]))
  const moves = held.flatMap(({ id, held_cents }) => {
    const cents = (wanted.get(id) ?? held_cents) - held_cents
    return cents === 0 ? [] : [{ invoice_id: id, cents }]
  })
  let lacking = sum(moves) - (available_cents - allocated_cents)
  const others = held.filter(({ id, held_cents }) => !wanted.has(id) && held_cents > 0)
  const credit = others.map((invoice) => Math.min(invoice.held_cents, overOf(invoice)))
  const free = Math.max(0, available_cents - allocated_cents) + credit.reduce((one, other) => one + other, 0)
  if (sum(moves) > free)
    throw tooLittle(free + held.reduce((all, { id, held_cents }) => all + (wanted.has(id) ? held_cents : 0), 0))
  for (const [index, { id }] of others.entries()) {
    const cents = Math.min(credit[index]!, Math.max(0, lacking))
    lacking -= cents
    if (cents > 0) moves.push({ invoice_id: id, cents: -cents })
  }
  if (moves.length > 0) await move(context, transaction, payment, moves)
  return allocated_cents + sum(moves)
}

type Move = { invoice_id: string; cents: number }

function sum(moves: Move[]): number {
  return moves.reduce((total, { cents }) => total + cents, 0)
}

function tooLittle(cents: number): Problem {
  return new Problem(
    'conflict',
    `KES ${formatKes(cents)} of this money can be put to these invoices, and no more: what others are owed stays with them.`,
    'invoices',
  )
}

async function move(
  { clock, signals }: Context,
  transaction: Transaction,
  { merchant_id, payment_id }: Pick<Shared, 'merchant_id' | 'payment_id'>,
  moves: Move[],
): Promise<void> {
  const now = clock.now()
  const moved = moves.map((one) => ({ ...one, merchant_id, payment_id, event_id: newId(now) }))
  await transaction.query(sql`
    with moved as (
      select * from ${rows(moved, 'm', { merchant_id: 'uuid', payment_id: 'uuid', invoice_id: 'uuid', cents: 'bigint', event_id: 'uuid' })}
    ),
    put as (
      insert into allocations as a ${columns<Allocation>({
        merchant_id: sql`m.merchant_id`,
        payment_id: sql`m.payment_id`,
        invoice_id: sql`m.invoice_id`,
        amount_cents: sql`m.cents`,
        created_at: now,
        updated_at: now,
      })}
      from moved m where m.cents > 0
      on conflict (merchant_id, payment_id, invoice_id) do update
        set amount_cents = a.amount_cents + excluded.amount_cents, updated_at = excluded.updated_at
    ),
    taken as (
      update allocations a set amount_cents = a.amount_cents + m.cents, updated_at = ${now}
      from moved m
      where m.cents < 0 and a.merchant_id = m.merchant_id and a.payment_id = m.payment_id and a.invoice_id = m.invoice_id
    ),
    ${invoicesMoved(sql`select merchant_id, invoice_id, cents, event_id, ${now}::timestamptz as at from moved order by merchant_id, invoice_id`)}
    select id from invoiced`)
  for (const { invoice_id } of moves) signals.changed(invoice_id)
}
