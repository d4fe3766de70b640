-- Money that a merchant sends: to people (B2C), to small traders' wallets (Pochi), to businesses (B2B).
create table payouts (
  merchant_id uuid not null references merchants,
  id uuid not null,
  provider_account_id uuid not null references provider_accounts,
  provider text not null,
  environment text not null,
  kind text not null check (kind in ('b2c', 'pochi', 'b2b')),
  status text not null check (status in ('awaiting_approval', 'created', 'pending', 'completed', 'failed')),
  -- Counts the status changes that the merchant is told of.
  version integer not null default 0,
  provider_outcome text check (provider_outcome in ('accepted', 'refused', 'unknown')),
  currency text not null default 'KES' check (currency = 'KES'),
  amount_cents bigint not null check (amount_cents > 0),
  -- Who is paid: a phone, or a paybill or till.
  phone text check (phone ~ '^254[17][0-9]{8}$'),
  shortcode text check (shortcode ~ '^[0-9]{5,7}$'),
  shortcode_type text check (shortcode_type in ('paybill', 'till')),
  account_reference text,
  reason text check (reason in ('business_payment', 'salary_payment', 'promotion_payment')),
  remarks text,
  external_reference text,
  metadata jsonb not null default '{}',
  idempotency_key text,
  -- Whoever asked for it; somebody else approves it.
  created_by text not null,
  -- The day in Nairobi whose limit it counts against, for as long as it has not failed.
  counted_on date not null,
  -- Where the provider takes an id of ours, this is ours from the start; else the one that the provider made.
  originator_conversation_id text,
  conversation_id text,
  provider_receipt text,
  receiver_name text,
  failure_code text,
  failure_message text,
  failure_provider_code text,
  late boolean not null default false,
  settled_by uuid,
  last_effect text,
  needs_attention text,
  requested_at timestamptz,
  paid_at timestamptz,
  completed_at timestamptz,
  failed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check_at timestamptz,
  checks integer not null default 0,
  checked_at timestamptz,
  primary key (merchant_id, id),
  check ((kind = 'b2b') = (shortcode is not null)),
  check ((kind = 'b2b') = (phone is null)),
  check ((kind = 'b2b') = (shortcode_type is not null)),
  check (status = 'awaiting_approval' or requested_at is not null or status = 'failed'),
  check (status <> 'failed' or failure_code is not null),
  check (status <> 'completed' or completed_at is not null)
);
-- What is sent is counted by receipt, as what comes is.
create unique index payouts_receipt on payouts (merchant_id, provider, environment, provider_receipt) where provider_receipt is not null;
create unique index payouts_external_reference on payouts (merchant_id, environment, external_reference) where external_reference is not null;
-- Most payouts are completed, and have their receipt: settling one makes no entry in these.
create index payouts_not_completed on payouts (merchant_id, status, id) where status <> 'completed';
create index payouts_without_receipt on payouts (merchant_id, id) where status = 'completed' and provider_receipt is null;
create index payouts_by_phone on payouts (merchant_id, phone, id) where phone is not null;
create index payouts_attention on payouts (merchant_id, id) where needs_attention is not null;
create index payouts_open on payouts (conversation_id) where status in ('created', 'pending') and conversation_id is not null;
create index payouts_to_check on payouts (check_at) where check_at is not null;

-- What the payouts of a day in Nairobi come to. One row for each day, so that its limit holds however many ask at once.
create table payout_days (
  merchant_id uuid not null references merchants,
  environment text not null,
  day date not null,
  used_cents bigint not null check (used_cents >= 0),
  primary key (merchant_id, environment, day)
);

-- What a second person said of a payout that waited for them: once, for good.
create table approvals (
  merchant_id uuid not null references merchants,
  payout_id uuid not null,
  decision text not null check (decision in ('approved', 'rejected')),
  actor text not null,
  reason text,
  at timestamptz not null,
  primary key (merchant_id, payout_id),
  foreign key (merchant_id, payout_id) references payouts (merchant_id, id)
);
