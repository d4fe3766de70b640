import { raw } from '../../server/database/sql.ts'

const paid = `case when f.is_paid then f.done_at end`

/** Payments as they are asked for and end, with the invoices that they are of. */
export const asked = [
  raw(`
    insert into invoices (merchant_id, id, provider_account_id, provider, environment, status, version, reference, customer_name, customer_phone,
      lines, tax_included, subtotal_cents, tax_cents, total_cents, paid_cents, instalments, due_on, paid_at, created_at, updated_at)
    select merchant_id, invoice_id, account_id, 'mpesa', 'simulator', 'paid', 1, 'B' || n, name, phone,
      jsonb_build_array(jsonb_build_object('description', 'Rent', 'quantity_thousandths', 1000, 'unit_cents', amount_cents,
        'tax_rate_points', 0, 'amount_cents', amount_cents, 'tax_cents', 0)),
      true, amount_cents, 0, amount_cents, amount_cents, false, (created_at + interval '14 days')::date, done_at, created_at, done_at
    from f where invoice_id is not null`),
  raw(`
    insert into payments (merchant_id, id, provider_account_id, provider, environment, origin, status, version, provider_outcome, amount_cents,
      received_cents, refunded_cents, allocated_cents, invoice_id, phone, payer_name, account_reference, sent_reference, external_reference,
      provider_ref, merchant_request_id, provider_receipt, failure_code, failure_message, failure_provider_code, settled_by, last_effect,
      requested_at, paid_at, completed_at, failed_at, reversed_at, created_at, updated_at, check_at, checks, receipt_id)
    select merchant_id, id, account_id, 'mpesa', 'simulator', case when not is_asked then 'c2b' when invoice_id is not null then 'invoice' else 'api' end,
      case became when 'failed' then 'failed' when 'waited for' then 'pending' when 'reversed' then 'reversed' else 'completed' end,
      case became when 'waited for' then 0 when 'reversed' then 2 else 1 end,
      case when is_asked then 'accepted' end, amount_cents, case when is_paid then amount_cents else 0 end, returned_cents,
      case when invoice_id is not null then amount_cents else 0 end, invoice_id, phone, name, reference, reference, external_reference,
      case when is_asked then 'ws_CO_' || n end, case when is_asked then merchant_request_id end, case when is_paid then receipt end,
      failure.code, failure.message, failure.provider_code, case when became <> 'waited for' then evidence_id end,
      case when is_paid then 'completed' when became = 'failed' then 'failed' end,
      case when is_asked then created_at end, ${paid}, ${paid}, case when became = 'failed' then done_at end,
      case when became = 'reversed' then done_at + interval '1 day' end, created_at, done_at,
      check_at, 0, case when is_paid then receipt_id end
    from (select f.*, case when became = 'failed' then fill_draw(n, 'why', 4) end as why from f) f
    left join (values (0, 'cancelled_by_payer', 'Request cancelled by user', '1032'), (1, 'insufficient_funds', 'The balance is insufficient', '1'),
      (2, 'payer_unreachable', 'DS timeout user cannot be reached', '1037'), (3, 'cancelled_by_payer', 'Request cancelled by user', '1032'))
      as failure (why, code, message, provider_code) on failure.why = f.why`),
  raw(`
    insert into allocations (merchant_id, payment_id, invoice_id, amount_cents, created_at, updated_at)
    select merchant_id, id, invoice_id, amount_cents, done_at, done_at from f where invoice_id is not null`),
]

/** What goes back of them, by refunds and at the portal. */
export const returned = [
  raw(`
    insert into refunds (merchant_id, id, payment_id, provider_account_id, provider, environment, origin, status, version, provider_outcome,
      amount_cents, payment_receipt, provider_receipt, completed_at, created_at, updated_at)
    select merchant_id, refund_id, id, account_id, 'mpesa', 'simulator',
      case became when 'reversed' then 'portal' else 'api' end, 'completed', 1, case became when 'reversed' then null else 'accepted' end,
      returned_cents, receipt, 'R' || receipt, done_at + interval '1 day', done_at + interval '1 day', done_at + interval '1 day'
    from f where refund_id is not null`),
]
