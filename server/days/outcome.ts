import { sql } from '../database/sql.ts'

/** How a payment went that a phone was asked for, in SQL over its row: how long the payer took, in whole seconds, where they were prompt enough to be counted. */
export const secondsTaken = sql`case when status = 'completed' and not late then floor(date_part('epoch', completed_at - requested_at))::int end`
