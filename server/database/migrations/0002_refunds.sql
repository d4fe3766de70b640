-- Money that goes back to those who paid it.
create table refunds (
  merchant_id uuid not null references merchants,
  id uuid not null,
  -- Null for money that went back at the provider's portal while no payment explained it.
  payment_id uuid,
  provider_account_id uuid not null references provider_accounts,
  provider text not null,
  environment text not null,
  origin text not null check (origin in ('api', 'dashboard', 'portal')),
  status text not null check (status in ('created', 'pending', 'completed', 'failed')),
  -- Counts the status changes that the merchant is told of.
  version integer not null default 0,
  provider_outcome text check (provider_outcome in ('accepted', 'refused', 'unknown')),
  -- Once nobody knew whether the request arrived, this stays: an answer that the money went back before may then mean this refund.
  was_unknown boolean not null default false,
  currency text not null default 'KES' check (currency = 'KES'),
  amount_cents bigint not null check (amount_cents > 0),
  reason text,
  idempotency_key text,
  -- The receipt of the money that came, and that of its going back.
  payment_receipt text not null,
  provider_receipt text,
  originator_conversation_id text,
  conversation_id text,
  failure_code text,
  failure_message text,
  failure_provider_code text,
  late boolean not null default false,
  settled_by uuid,
  last_effect text,
  needs_attention text,
  completed_at timestamptz,
  failed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check_at timestamptz,
  checks integer not null default 0,
  checked_at timestamptz,
  primary key (merchant_id, id),
  foreign key (merchant_id, payment_id) references payments (merchant_id, id),
  check (payment_id is not null or origin = 'portal'),
  check (status <> 'failed' or failure_code is not null),
  check (status <> 'completed' or completed_at is not null)
);
-- What went back is counted by receipt, as what came is.
create unique index refunds_receipt on refunds (merchant_id, provider, environment, provider_receipt) where provider_receipt is not null;
create index refunds_by_payment on refunds (merchant_id, payment_id, id);
create index refunds_by_payment_receipt on refunds (merchant_id, payment_receipt);
create index refunds_attention on refunds (merchant_id, id) where needs_attention is not null;
create index refunds_open on refunds (conversation_id) where status in ('created', 'pending') and conversation_id is not null;
create index refunds_to_check on refunds (check_at) where check_at is not null;

-- How much of the money is back with its payer; when all of it is, `reversed_by` names the receipt that completed it.
alter table money_in add column reversed_cents bigint not null default 0 check (reversed_cents between 0 and amount_cents);

-- Why the last question for the balance has no answer.
alter table provider_accounts add column balance_problem text;
