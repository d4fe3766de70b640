-- Pages to pay at, for anybody: on a poster, in a message.
create table payment_links (
  merchant_id uuid not null references merchants (id),
  id uuid not null,
  provider_account_id uuid not null references provider_accounts (id),
  provider text not null check (provider in ('mpesa', 'pesaflow')),
  environment text not null check (environment in ('simulator', 'sandbox', 'live')),
  name text not null check (length(name) between 1 and 100),
  amount_cents bigint check (amount_cents > 0),
  uses_max int check (uses_max > 0),
  metadata jsonb not null default '{}',
  return_url text,
  idempotency_key text,
  ended_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (merchant_id, id)
);
create index payment_links_by_id on payment_links (id);

alter table payments add foreign key (merchant_id, link_id) references payment_links (merchant_id, id);
create index payments_by_link on payments (merchant_id, link_id, id) where link_id is not null;
