import { raw } from '../../server/database/sql.ts'

/** What comes for payments, and some that nobody asked for; and the receipts that are issued for it, numbered without gaps. */
export const received = [
  raw(`
    insert into money_in (merchant_id, provider, environment, receipt, id, provider_account_id, amount_cents, payment_id, named_payment_id, kind,
      phone, payer_name, reference, reversed_cents, reversed_at, paid_at, created_at, callback_id, attention_told)
    select merchant_id, 'mpesa', 'simulator', receipt, money_id, account_id, amount_cents, id, case when is_asked then id end,
      case when is_asked then 'stk' else 'c2b' end, phone, name, reference, returned_cents,
      case when became = 'reversed' then done_at + interval '1 day' end, done_at, done_at, callback_id, false
    from f where is_paid`),
  // Somebody has looked at those that nobody asked for.
  raw(`
    insert into money_in (merchant_id, provider, environment, receipt, id, provider_account_id, amount_cents, kind, phone, payer_name, reference,
      unmatched_because, paid_at, created_at, attention_told, looked_at)
    select merchant_id, 'mpesa', 'simulator', 'U' || substr(receipt, 2), fill_id(done_at, n, 'unmatched'), account_id, amount_cents, 'c2b', phone, name,
      reference, 'no_payment', done_at, done_at, true, done_at + interval '1 hour'
    from f where fill_draw(n, 'unmatched', 300) = 0`),
  raw(`
    with fresh as (
      select f.*, extract(year from done_at at time zone 'Africa/Nairobi')::int as year,
        row_number() over (partition by merchant_id, extract(year from done_at at time zone 'Africa/Nairobi') order by n) as nth
      from f where is_paid
    ),
    counted as (
      insert into receipt_numbers as r (merchant_id, mode, year, last_number)
      select merchant_id, 'test', year, count(*) from fresh group by merchant_id, year
      on conflict (merchant_id, mode, year) do update set last_number = r.last_number + excluded.last_number
      returning *
    )
    insert into receipts (merchant_id, id, payment_id, environment, mode, year, number, amount_cents, tax_cents, issuer, invoices, link_key, issued_at)
    select fresh.merchant_id, receipt_id, fresh.id, 'simulator', 'test', fresh.year,
      last_number - (max(nth) over (partition by fresh.merchant_id, fresh.year)) + nth, amount_cents, 0,
      issuer, '[]', substr(md5('link' || n), 1, 22), done_at
    from fresh
    join counted on counted.merchant_id = fresh.merchant_id and counted.year = fresh.year
    order by fresh.merchant_id, fresh.year, nth`),
]
