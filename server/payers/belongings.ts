import { raw, sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'

/** A payer, as a business knows one: by a number, 254XXXXXXXXX. */
export type Payer = { merchant_id: string; phone: string }

/** The ids of all that a business holds of one payer. */
export type Belongings = Record<
  'payments' | 'money_in' | 'refunds' | 'payouts' | 'invoices' | 'outside_payments' | 'receipts' | 'callbacks',
  string[]
>

/**
 * What of the books is of this payer: what was asked of the number or came from it, also where M-Pesa told only its hash; what
 * went back or out to it; invoices in its name; and what providers said of all that. A number that was told masked is nobody's in
 * particular.
 */
export async function belongingsOf(queryable: Queryable, { merchant_id, phone }: Payer): Promise<Belongings> {
  const ids = (from: string) => raw(`array(select id from ${from})`)
  const [found] = await queryable.query<Belongings>(sql`
    with money_of as (
      select id, payment_id, callback_id from money_in
      where merchant_id = ${merchant_id} and (phone = ${phone} or phone_hash = encode(sha256(${phone}::bytea), 'hex'))),
    payments_of as (
      select id from payments where merchant_id = ${merchant_id} and phone = ${phone}
      union
      select p.id from payments p join money_of m on m.payment_id = p.id where p.merchant_id = ${merchant_id} and p.phone is null),
    refunds_of as (
      select r.id from refunds r join payments_of p on p.id = r.payment_id where r.merchant_id = ${merchant_id}),
    payouts_of as (select id from payouts where merchant_id = ${merchant_id} and phone = ${phone}),
    invoices_of as (select id from invoices where merchant_id = ${merchant_id} and customer_phone = ${phone}),
    outside_of as (
      select o.id from outside_payments o join invoices_of i on i.id = o.invoice_id where o.merchant_id = ${merchant_id}),
    receipts_of as (
      select r.id from receipts r join payments_of p on p.id = r.payment_id where r.merchant_id = ${merchant_id}),
    callbacks_of as (
      select callback_id as id from money_of where callback_id is not null
      union
      select e.callback_id from evidence e
      join (table payments_of union all table refunds_of union all table payouts_of) s on s.id = e.subject_id
      where e.merchant_id = ${merchant_id} and e.callback_id is not null)
    select ${ids('payments_of')} as payments, ${ids('money_of')} as money_in, ${ids('refunds_of')} as refunds,
      ${ids('payouts_of')} as payouts, ${ids('invoices_of')} as invoices, ${ids('outside_of')} as outside_payments,
      ${ids('receipts_of')} as receipts, ${ids('callbacks_of')} as callbacks`)
  return found!
}
