-- References are matched as people type them, by capitals, letters and digits alone: rent 12, RENT-12 and Rent12 are one.
alter table payments add column reference_key text not null
  generated always as (upper(regexp_replace(sent_reference, '[^A-Za-z0-9]', '', 'g'))) stored;
drop index payments_by_reference;
create index payments_by_reference on payments (merchant_id, reference_key text_pattern_ops, id);
