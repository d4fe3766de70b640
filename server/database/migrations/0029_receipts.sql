-- What a receipt says of whoever issues it.
alter table merchants
  add tax_pin text check (tax_pin ~ '^[AP][0-9]{9}[A-Z]$'),
  -- Hundredths of a percent; null for a business that is not registered for VAT.
  add vat_rate_points int check (vat_rate_points between 0 and 10000),
  add address text check (length(address) between 1 and 300),
  add email text check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) <= 254);

-- A payment that is completed is due for a receipt of ours; then it has one.
alter table payments add issue_at timestamptz, add receipt_id uuid;
create index payments_to_issue on payments (issue_at) where issue_at is not null;

-- The last number that was given, for each kind of money and year. Whoever gives the next holds the row until it is written down.
create table receipt_numbers (
  merchant_id uuid not null references merchants (id),
  mode text not null check (mode in ('test', 'live')),
  year int not null check (year between 2000 and 9999),
  last_number int not null check (last_number > 0),
  primary key (merchant_id, mode, year)
);

-- The documents that are issued for money received. What may change, whether the money went back, stands with the payment.
create table receipts (
  merchant_id uuid not null references merchants (id),
  id uuid not null,
  payment_id uuid not null,
  environment text not null check (environment in ('simulator', 'sandbox', 'live')),
  mode text not null check (mode = case environment when 'live' then 'live' else 'test' end),
  year int not null check (year between 2000 and 9999),
  number int not null check (number > 0),
  previous_number int generated always as (nullif(number - 1, 0)) stored,
  amount_cents bigint not null check (amount_cents > 0),
  tax_cents bigint not null check (tax_cents between 0 and amount_cents),
  -- The business as it was, and what was put to which invoice.
  issuer jsonb not null,
  invoices jsonb not null,
  -- What opens its page, without a sign-in.
  link_key text not null check (link_key ~ '^[A-Za-z0-9_-]{22}$'),
  issued_at timestamptz not null,
  primary key (merchant_id, id),
  unique (merchant_id, payment_id),
  unique (merchant_id, mode, year, number),
  -- No number without the one before it: there is no gap, and none can be made later.
  foreign key (merchant_id, mode, year, previous_number) references receipts (merchant_id, mode, year, number),
  foreign key (merchant_id, mode, year) references receipt_numbers (merchant_id, mode, year),
  foreign key (merchant_id, payment_id) references payments (merchant_id, id)
);
create index receipts_by_id on receipts (id);
