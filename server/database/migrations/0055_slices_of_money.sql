-- As for payments, and for the names of customers.
create index concurrently money_in_by_reference_in_slice on money_in (merchant_id, (left(id::text, 5)), upper(reference) text_pattern_ops, id)
  where reference is not null;
create index concurrently money_in_by_amount_in_slice on money_in (merchant_id, (left(id::text, 5)), amount_cents);
create index concurrently money_in_by_name_in_slice on money_in using gin (to_tsvector('simple',
  regexp_replace(payer_name, '(^|[[:space:][:punct:]]+)', '\1w' || right(merchant_id::text, 6) || left(id::text, 5), 'g'))) where payer_name is not null;
-- Who paid by hand is known by the money that came.
create index concurrently money_in_by_name_in_slice_of_payment on money_in using gin (to_tsvector('simple',
  regexp_replace(payer_name, '(^|[[:space:][:punct:]]+)', '\1w' || right(merchant_id::text, 6) || left(payment_id::text, 5), 'g')))
  where payer_name is not null and payment_id is not null;
create index concurrently invoices_by_name_in_slice on invoices using gin (to_tsvector('simple',
  regexp_replace(customer_name, '(^|[[:space:][:punct:]]+)', '\1w' || right(merchant_id::text, 6) || left(id::text, 5), 'g')))
  where customer_name is not null;
