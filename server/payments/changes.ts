import { set } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { attention, decided } from '../evidence/effect.ts'
import { firstSeekMs, interval, pauseMs } from '../evidence/intervals.ts'
import { effect, effectOfLearning, effectOfTaking } from './effect.ts'
import { attemptsAt } from './order.ts'
import type { Payment } from './payment.ts'

/** What its payer pays: the amount, and what the provider takes on top. */
const whole = sql`p.amount_cents + p.commission_cents`

/** Why a person must look at it from now on. */
const reasonOf = (more: Sql) => sql`case
  when effect in ('contradicts', 'mismatch', 'unreadable_amount', 'wrong_amount', 'receipt_used', 'second_receipt') then effect
  when effect = 'failed' and p.received_cents > 0 then 'part_paid'
  when effect = 'failed' and f.failure_code = 'no_evidence' then 'no_evidence'
  when effect in ('completed', 'receipt') and p.received_cents + f.amount_cents > ${whole} then 'overpaid'
  -- The attempt that failed has come late, and the one after it is paid as well.
  when effect = 'completed' and (p.status = 'failed' or p.retry_of is not null) and exists (
    select from (${attemptsAt(sql`p.merchant_id`, sql`p.id`)}) o where o.id <> p.id and o.status = 'completed')
    then 'paid_twice' ${more} end`

/** What its money, or the receipt of it, has answered. */
const over = [
  sql`case when effect in ('completed', 'took_over') then 'no_evidence' end`,
  sql`case effect when 'completed' then 'part_paid' end`,
  sql`case when effect in ('took_over', 'receipt') then 'receipt_used' end`,
  sql`case effect when 'receipt' then 'receipt_awaited' end`,
]

/** The columns of a payment of no invoice. */
const columns = {
  last_effect: sql`effect`,
  status: sql`case when effect in ('completed', 'failed') then effect when effect = 'took_over' then 'completed'
    when p.status = 'created' and f.provider_outcome is not null then 'pending' else p.status end`,
  version: sql`p.version + (effect in ('completed', 'failed'))::int`,
  settled_by: sql`case when effect in ('completed', 'failed') then f.id else p.settled_by end`,
  late: sql`case when effect in ('completed', 'took_over') then p.status = 'failed' else p.late end`,
  provider_outcome: sql`case when 'accepted' in (f.provider_outcome, p.provider_outcome) then 'accepted'
    else coalesce(f.provider_outcome, p.provider_outcome) end`,
  provider_ref: sql`case when effect = 'doubted' then p.provider_ref else coalesce(p.provider_ref, f.provider_ref) end`,
  merchant_request_id: sql`case when effect = 'doubted' then p.merchant_request_id
    else coalesce(p.merchant_request_id, f.merchant_request_id) end`,
  commission_cents: sql`case when p.status in ('created', 'pending') and p.received_cents = 0
    then coalesce(f.commission_cents, p.commission_cents) else p.commission_cents end`,
  provider_checkout_url: sql`coalesce(f.checkout_url, p.provider_checkout_url)`,
  provider_receipt: sql`case when effect in ('completed', 'took_over', 'receipt') then coalesce(p.provider_receipt, f.receipt)
    else p.provider_receipt end`,
  part_receipts: sql`case when effect in ('completed', 'receipt', 'part_paid') and f.paid_total_cents is not null and f.receipt is not null
    then array_append(p.part_receipts, f.receipt) else p.part_receipts end`,
  received_cents: sql`p.received_cents + case
    when effect in ('completed', 'took_over', 'receipt', 'part_paid') and f.receipt is not null then coalesce(f.amount_cents, ${whole}) else 0 end`,
  failure_code: sql`case when effect = 'failed' then f.failure_code when effect in ('completed', 'took_over') then null else p.failure_code end`,
  failure_message: sql`case when effect = 'failed' then f.message when effect in ('completed', 'took_over') then null else p.failure_message end`,
  failure_provider_code: sql`case when effect = 'failed' then f.provider_code when effect in ('completed', 'took_over') then null
    else p.failure_provider_code end`,
  ...attention('p'),
  paid_at: sql`case when effect in ('completed', 'took_over', 'receipt') then coalesce(f.paid_at, p.paid_at, f.at) else p.paid_at end`,
  completed_at: sql`case when effect in ('completed', 'took_over') then f.at else p.completed_at end`,
  failed_at: sql`case effect when 'failed' then f.at else p.failed_at end`,
  check_at: sql`case when effect in ('completed', 'took_over', 'failed') then null
    -- Whatever became of it, somebody says that money came, and only the provider can say whether that is so.
    when effect = 'doubted' and f.doubt in ('forged', 'unconfirmed') and p.status <> 'reversed' then greatest(f.at, p.checked_at + ${interval(pauseMs)})
    when p.status not in ('created', 'pending') then null
    when effect in ('mismatch', 'doubted', 'unreadable_amount') and f.source <> 'query' then greatest(f.at, p.checked_at + ${interval(pauseMs)})
    else coalesce(f.check_at, p.check_at) end`,
  receipt_due_at: sql`case when effect = 'completed' and f.receipt is null then f.at + ${interval(firstSeekMs)}
    when effect = 'receipt' and f.paid_total_cents is not null and p.received_cents + f.amount_cents < ${whole} then p.receipt_due_at
    when effect in ('completed', 'took_over', 'receipt') then null else p.receipt_due_at end`,
  issue_at: sql`case when effect in ('completed', 'took_over') then f.at else p.issue_at end`,
  updated_at: sql`f.at`,
}

/** What becomes of payment `p` by evidence `f`. */
export const changes = set<Payment>(columns, decided('p', { effect, reason: reasonOf(sql``), over }))

/** The same by evidence without a verdict, which settles nothing: what it cannot change is not asked about. */
export const changesOfLearning = set<Payment>(
  {
    last_effect: columns.last_effect,
    status: columns.status,
    provider_outcome: columns.provider_outcome,
    provider_ref: columns.provider_ref,
    merchant_request_id: columns.merchant_request_id,
    commission_cents: columns.commission_cents,
    provider_checkout_url: columns.provider_checkout_url,
    ...attention('p'),
    check_at: columns.check_at,
    updated_at: columns.updated_at,
  },
  decided('p', { effect: effectOfLearning, reason: sql`case effect when 'mismatch' then effect end`, over: [] }),
)

const isOfVoid = sql`when effect = 'completed' and exists (select from invoices i
  where i.merchant_id = p.merchant_id and i.id = p.invoice_id and i.status = 'void') then 'invoice_void'`

const columnsOfInvoice = {
  ...columns,
  // What the provider takes on top is paid last, and is put to no invoice.
  allocated_cents: sql`case when p.invoice_id is null or effect not in ('completed', 'took_over', 'part_paid') then p.allocated_cents
    when effect = 'part_paid'
      then p.allocated_cents + least(p.amount_cents, p.received_cents + f.amount_cents) - least(p.amount_cents, p.received_cents)
    else p.allocated_cents + p.amount_cents - least(p.amount_cents, p.received_cents) end`,
}

/** The same where it may be of an invoice, to which all of it is put. */
export const changesOfInvoice = set<Payment>(
  columnsOfInvoice,
  decided('p', { effect, reason: reasonOf(isOfVoid), over }),
)

/** The same where it takes over the receipt of another. */
export const changesOfTaking = set<Payment>(
  columnsOfInvoice,
  decided('p', { effect: effectOfTaking, reason: reasonOf(sql``), over }),
)
