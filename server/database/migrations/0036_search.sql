-- Whatever can be filtered and searched by has an index, so that what finds nothing is as fast as what finds much.

-- By the beginning of a receipt, too: still one payment for each receipt of a provider's environment.
drop index payments_receipt;
create unique index payments_receipt on payments (merchant_id, provider_receipt text_pattern_ops, provider, environment)
  where provider_receipt is not null;
create index money_in_by_receipt on money_in (merchant_id, receipt text_pattern_ops);
create index money_in_by_reference on money_in (merchant_id, upper(reference) text_pattern_ops) where reference is not null;

-- Amounts are few, so that without an id behind them they take little room. They stand first: an index of merchants, as small as
-- this one, would be put together with others where it only costs.
create index payments_by_amount on payments (amount_cents, merchant_id);
create index money_in_by_amount on money_in (amount_cents, merchant_id);

-- Of some phones only a hash is told, or the first and the last digits.
create index money_in_by_phone_hash on money_in (merchant_id, phone_hash) where phone_hash is not null;
create index money_in_by_phone_masked on money_in (merchant_id, right(phone_masked, 3)) where phone_masked is not null;
