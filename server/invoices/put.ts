import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Allocation } from './allocation.ts'
import { invoicesMoved } from './change.ts'

/**
 * What payments put to the invoices that they are of, as parts of the statement that completes them: `settled` holds those
 * payments as they now are, each with its `invoice_event_id` and the time `at`.
 */
export const put = sql`
    allocated as (
      insert into allocations ${columns<Allocation>({
        merchant_id: sql`s.merchant_id`,
        payment_id: sql`s.id`,
        invoice_id: sql`s.invoice_id`,
        amount_cents: sql`s.allocated_cents`,
        created_at: sql`s.at`,
        updated_at: sql`s.at`,
      })}
      from settled s where s.last_effect = 'completed' and s.invoice_id is not null
      returning *
    ),
    ${invoicesMoved(sql`
      select a.merchant_id, a.invoice_id, sum(a.amount_cents)::bigint as cents, (array_agg(s.invoice_event_id))[1] as event_id, max(s.at) as at
      from allocated a join settled s on s.merchant_id = a.merchant_id and s.id = a.payment_id
      group by a.merchant_id, a.invoice_id order by a.merchant_id, a.invoice_id`)}`
