-- A payment that has failed gives its external reference away for good: another may be asked for with it, and a late success of
-- the first is never refused for it.
drop index payments_external_reference;
create unique index payments_external_reference on payments (merchant_id, environment, external_reference)
  where external_reference is not null and failed_at is null;
create index payments_by_external_reference on payments (merchant_id, external_reference text_pattern_ops, id)
  where external_reference is not null;
