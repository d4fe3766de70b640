-- What was paid to a business where no provider of Lango's could see it, as a person says, and a second person agrees.
create table outside_payments (
  merchant_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  environment text not null check (environment in ('simulator', 'sandbox', 'live')),
  status text not null check (status in ('awaiting_approval', 'approved', 'rejected', 'withdrawn')),
  method text not null check (method in ('cash', 'bank', 'cheque', 'ecitizen', 'other')),
  alternate_reference text not null,
  reference_key text not null generated always as (upper(regexp_replace(alternate_reference, '[^A-Za-z0-9]', '', 'g'))) stored,
  amount_cents bigint not null check (amount_cents > 0),
  currency text not null default 'KES' check (currency = 'KES'),
  paid_on date,
  notes text not null check (notes <> ''),
  idempotency_key text,
  created_by text not null,
  -- Who stands behind that: nobody agrees with themselves.
  person text not null,
  decided_by text,
  decided_at timestamptz,
  decision_notes text,
  withdrawn_by text,
  withdrawn_at timestamptz,
  withdrawal_notes text,
  attention_told boolean not null default false,
  looked_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (merchant_id, id),
  foreign key (merchant_id, invoice_id) references invoices (merchant_id, id),
  check ((status = 'awaiting_approval') = (decided_at is null)),
  check ((decided_at is null) = (decided_by is null)),
  check ((status = 'withdrawn') = (withdrawn_at is not null)),
  check (withdrawn_at is null or (withdrawn_by is not null and withdrawal_notes is not null))
);
-- One slip may pay several invoices, and none of them twice.
create unique index outside_payments_once on outside_payments (merchant_id, invoice_id, upper(alternate_reference))
  where status in ('awaiting_approval', 'approved');
create index outside_payments_by_invoice on outside_payments (merchant_id, invoice_id, id);
create index outside_payments_by_reference on outside_payments (merchant_id, reference_key) where reference_key <> '';
create index outside_payments_waiting on outside_payments (merchant_id, id) where status = 'awaiting_approval';

-- How much of what an invoice was paid came so.
alter table invoices
  add outside_cents bigint not null default 0,
  add check (outside_cents between 0 and paid_cents);
