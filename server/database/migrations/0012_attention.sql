-- What needs a person, wherever it stands: every reason, since when, and whether the merchant was told.

alter table payments
  alter column needs_attention type text[] using case when needs_attention is not null then array[needs_attention] end,
  add column attention_since timestamptz,
  add column attention_told boolean not null default false;
alter table refunds
  alter column needs_attention type text[] using case when needs_attention is not null then array[needs_attention] end,
  add column attention_since timestamptz,
  add column attention_told boolean not null default false;
alter table payouts
  alter column needs_attention type text[] using case when needs_attention is not null then array[needs_attention] end,
  add column attention_since timestamptz,
  add column attention_told boolean not null default false;
alter table reconciliation_runs
  add column needs_attention text[],
  add column attention_since timestamptz,
  add column attention_told boolean not null default false;

update payments set attention_since = updated_at where needs_attention is not null;
update refunds set attention_since = updated_at where needs_attention is not null;
update payouts set attention_since = updated_at where needs_attention is not null;

alter table payments add check ((needs_attention is null) = (attention_since is null)), add check (cardinality(needs_attention) > 0);
alter table refunds add check ((needs_attention is null) = (attention_since is null)), add check (cardinality(needs_attention) > 0);
alter table payouts add check ((needs_attention is null) = (attention_since is null)), add check (cardinality(needs_attention) > 0);
alter table reconciliation_runs
  add check ((needs_attention is null) = (attention_since is null)), add check (cardinality(needs_attention) > 0);

create index reconciliation_runs_attention on reconciliation_runs (merchant_id, id) where needs_attention is not null;
create index payments_attention_untold on payments (merchant_id, id) where needs_attention is not null and not attention_told;
create index refunds_attention_untold on refunds (merchant_id, id) where needs_attention is not null and not attention_told;
create index payouts_attention_untold on payouts (merchant_id, id) where needs_attention is not null and not attention_told;
create index reconciliation_runs_attention_untold on reconciliation_runs (merchant_id, id)
  where needs_attention is not null and not attention_told;

-- Money that no payment explains, and bodies that could not be acted on, need a person by what they are, until one has looked.
alter table money_in
  add column attention_told boolean not null default false,
  add column looked_at timestamptz;
create index money_in_attention_untold on money_in (merchant_id, id) where payment_id is null and not attention_told;

alter table callbacks
  add column attention_told boolean not null default false,
  add column looked_at timestamptz;
create index callbacks_attention on callbacks (merchant_id, id) where problem is not null and settle_at is null and looked_at is null;

-- A body without a valid token: whose it is if it is true, and the receipt that it names.
alter table strays
  add column merchant_id uuid references merchants,
  add column environment text,
  add column receipt text,
  add column looked_at timestamptz;
create index strays_attention on strays (merchant_id, id) where receipt is not null and looked_at is null;
