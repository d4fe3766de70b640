import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Allocation } from './allocation.ts'
import { invoicesMoved } from './change.ts'

const puts = sql`s.last_effect in ('completed', 'part_paid') and s.invoice_id is not null`

// Where a payment comes in parts, the commission is paid last, and what was put before is put already.
const putNow = sql`(case s.last_effect when 'completed' then s.amount_cents else least(s.amount_cents, s.received_cents) end
  - least(s.amount_cents, s.received_cents - case when s.named_receipt is null then 0
    else coalesce(s.named_amount_cents, s.amount_cents + s.commission_cents) end))`

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
        amount_cents: putNow,
        created_at: sql`s.at`,
        updated_at: sql`s.at`,
      })}
      from settled s where ${puts}
      on conflict (merchant_id, payment_id, invoice_id) do update
        set amount_cents = allocations.amount_cents + excluded.amount_cents, updated_at = excluded.updated_at
    ),
    ${invoicesMoved(sql`
      select s.merchant_id, s.invoice_id, sum(${putNow})::bigint as cents, (array_agg(s.invoice_event_id))[1] as event_id, max(s.at) as at
      from settled s where ${puts}
      group by s.merchant_id, s.invoice_id order by s.merchant_id, s.invoice_id`)}`
