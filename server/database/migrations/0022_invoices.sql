-- What customers owe, and which payments were put to it. Lines never change, and are always shown whole: they stand in their row.
create table invoices (
  merchant_id uuid not null references merchants (id),
  id uuid not null,
  provider_account_id uuid not null references provider_accounts (id),
  provider text not null check (provider in ('mpesa', 'pesaflow')),
  environment text not null check (environment in ('simulator', 'sandbox', 'live')),
  status text not null check (status in ('open', 'part_paid', 'paid', 'overpaid', 'void')),
  version int not null default 0,
  reference text not null check (reference ~ '^[A-Za-z0-9 ._/-]{1,12}$'),
  reference_key text not null generated always as (upper(regexp_replace(reference, '[^A-Za-z0-9]', '', 'g'))) stored,
  description text,
  customer_name text,
  customer_email text,
  customer_phone text check (customer_phone ~ '^254[17][0-9]{8}$'),
  lines jsonb not null,
  tax_included boolean not null,
  currency text not null default 'KES' check (currency = 'KES'),
  subtotal_cents bigint not null check (subtotal_cents >= 0),
  tax_cents bigint not null check (tax_cents >= 0),
  total_cents bigint not null check (total_cents > 0),
  paid_cents bigint not null default 0 check (paid_cents >= 0),
  instalments boolean not null,
  due_on date,
  metadata jsonb not null default '{}',
  return_url text,
  idempotency_key text,
  paid_at timestamptz,
  voided_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (merchant_id, id),
  check (subtotal_cents + tax_cents = total_cents),
  check ((status = 'void') = (voided_at is not null)),
  check (status = case when voided_at is not null then 'void' when paid_cents = 0 then 'open' when paid_cents < total_cents then 'part_paid'
    when paid_cents = total_cents then 'paid' else 'overpaid' end)
);
-- What one writes on a bill names one bill. A void one gives its reference back.
create unique index invoices_reference on invoices (merchant_id, environment, reference) where voided_at is null;
create index invoices_by_reference on invoices (merchant_id, reference_key text_pattern_ops, id);
create index invoices_by_customer_phone on invoices (merchant_id, customer_phone, id) where customer_phone is not null;
create index invoices_by_customer_name on invoices using gin (to_tsvector('simple', customer_name)) where customer_name is not null;
create index invoices_unpaid on invoices (merchant_id, id) where status in ('open', 'part_paid');
create index invoices_by_id on invoices (id);

-- How much of a payment was put to which invoice. A payment has one receipt, or will have.
create table allocations (
  merchant_id uuid not null,
  payment_id uuid not null,
  invoice_id uuid not null,
  amount_cents bigint not null check (amount_cents >= 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (merchant_id, payment_id, invoice_id),
  foreign key (merchant_id, payment_id) references payments (merchant_id, id),
  foreign key (merchant_id, invoice_id) references invoices (merchant_id, id)
);
create index allocations_by_invoice on allocations (merchant_id, invoice_id, payment_id);

-- Nothing stood behind an invoice_id until now.
update payments set invoice_id = null where invoice_id is not null;
alter table payments
  add allocated_cents bigint not null default 0 check (allocated_cents >= 0),
  -- The payment that turned out to be of the same receipt, and has taken it over.
  add folded_into uuid,
  add foreign key (merchant_id, invoice_id) references invoices (merchant_id, id),
  add foreign key (merchant_id, folded_into) references payments (merchant_id, id),
  -- Of one receipt never more is put to invoices than came and stayed.
  add check (allocated_cents + refunded_cents <= amount_cents + commission_cents),
  add check (status <> 'completed' or invoice_id is null or allocated_cents > 0 or folded_into is not null),
  drop constraint payments_check,
  add check (status <> 'completed' or provider_receipt is not null or receipt_due_at is not null or folded_into is not null);
create index payments_by_invoice on payments (merchant_id, invoice_id, id) where invoice_id is not null;
create index payments_folded on payments (merchant_id, folded_into) where folded_into is not null;
