-- What is searched by more than one row can have lies in slices of some three days, the first five digits of an id: a search goes
-- through them from the newest one, and reads no more of what many rows of long ago have than fills a page.
create index concurrently payments_by_reference_in_slice on payments (merchant_id, (left(id::text, 5)), reference_key text_pattern_ops, id);
create index concurrently payments_by_external_reference_in_slice on payments (merchant_id, (left(id::text, 5)), external_reference text_pattern_ops, id)
  where external_reference is not null;

-- Amounts are few, so that without an id behind them they take little room.
create index concurrently payments_by_amount_in_slice on payments (merchant_id, (left(id::text, 5)), amount_cents);

-- Before each word of a name stands whose it is, and of which slice.
create index concurrently payments_by_name_in_slice on payments using gin (to_tsvector('simple',
  regexp_replace(payer_name, '(^|[[:space:][:punct:]]+)', '\1w' || right(merchant_id::text, 6) || left(id::text, 5), 'g'))) where payer_name is not null;
