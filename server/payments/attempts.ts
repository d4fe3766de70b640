import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { attemptsAt } from './order.ts'
import type { Payment } from './payment.ts'

/** One of the attempts to collect the same money. */
export type Attempt = Pick<Payment, 'id' | 'status'>

/** The attempts that a payment is one of, the first one first: what it tries again, and what tried it again. */
export function attemptsOf(context: Context, { merchant_id, id }: Payment): Promise<Attempt[]> {
  return context.database.query<Attempt>(sql`
    select id, status from (${attemptsAt(sql`${merchant_id}::uuid`, sql`${id}::uuid`)}) a order by id`)
}
