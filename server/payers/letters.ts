import { sql } from '../database/sql.ts'
import type { Queryable } from '../database/sql.ts'
import type { Belongings, Payer } from './belongings.ts'

type Letter = { at: string; to: string; subject: string; text: string }

/** The letters of ours that a payer was sent: of payments, refunds and invoices. */
const kinds = ['payment_complete', 'refund_complete', 'invoice', 'invoice_reminder']

const aboutThem = ({ merchant_id }: Payer, { payments, refunds, invoices, receipts }: Belongings) => sql`
  merchant_id = ${merchant_id} and kind = any (${kinds})
  and subject_id = any (${[...payments, ...refunds, ...invoices, ...receipts]}::uuid[])`

/** What a payer was written, oldest first. */
export async function lettersTo(queryable: Queryable, payer: Payer, of: Belongings): Promise<Letter[]> {
  const rows = await queryable.query<Omit<Letter, 'at'> & { at: Date }>(sql`
    select created_at as at, recipient as to, subject, body_text as text from mails where ${aboutThem(payer, of)} order by id`)
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}

/** Removes what a payer was written, and answers how many letters it was. */
export async function eraseLetters(queryable: Queryable, payer: Payer, of: Belongings): Promise<number> {
  const gone = await queryable.query(sql`delete from mails where ${aboutThem(payer, of)} returning id`)
  return gone.length
}
