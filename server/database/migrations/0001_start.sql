-- The installation: small tables that every node reads.

create table settings (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

create table merchants (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  -- Without an idempotency key, a second payment like the first within 60 seconds is refused.
  duplicate_guard boolean not null default true,
  payouts_enabled boolean not null default false,
  payout_daily_limit_cents bigint not null default 0 check (payout_daily_limit_cents >= 0),
  payout_approval_above_cents bigint check (payout_approval_above_cents >= 0),
  created_at timestamptz not null,
  deleted_at timestamptz
);
create unique index merchants_by_name on merchants (lower(name)) where deleted_at is null;

create table api_keys (
  id uuid primary key,
  merchant_id uuid not null references merchants,
  name text not null,
  -- SHA-256 of the key: the key has 256 random bits, so no slow hash is needed.
  hash bytea not null unique,
  hint text not null,
  mode text not null check (mode in ('test', 'live')),
  scopes text[] not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_by_merchant on api_keys (merchant_id, id);

create table provider_accounts (
  id uuid primary key,
  merchant_id uuid not null references merchants,
  provider text not null check (provider in ('mpesa', 'pesaflow')),
  environment text not null check (environment in ('simulator', 'sandbox', 'live')),
  shortcode text not null,
  till text,
  type text not null check (type in ('paybill', 'till')),
  -- Encrypted, bound to merchant, account and column.
  credentials bytea not null,
  access_token bytea,
  access_token_expires_at timestamptz,
  -- The node that holds this lease asks the provider for a new access token; the others wait for the column.
  access_token_minting_until timestamptz,
  -- Callback tokens that the provider keeps for years; stored, so that they survive a rotation of keys.
  c2b_token text unique,
  pull_token text unique,
  c2b_registered_at timestamptz,
  pull_registered_at timestamptz,
  reconcile_at timestamptz,
  reconciled_until timestamptz,
  balance jsonb,
  balance_at timestamptz,
  -- The account that new payments use. The ones before it stay for checks and refunds.
  current boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index provider_accounts_current on provider_accounts (merchant_id, provider) where current;
create unique index provider_accounts_live on provider_accounts (provider, shortcode, coalesce(till, '')) where environment = 'live' and current;
create index provider_accounts_due on provider_accounts (reconcile_at) where reconcile_at is not null;

-- What arrived and names no merchant: kept a while, for a person to look at.
create table strays (
  id uuid primary key,
  received_at timestamptz not null,
  path text not null,
  source_address text not null,
  headers jsonb not null,
  body bytea not null check (length(body) <= 65536)
);

create table audit_log (
  merchant_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text,
  details jsonb not null default '{}',
  primary key (merchant_id, id)
);

-- A merchant's data: merchant_id leads every key, so that the tables can be distributed by it.

create table payments (
  merchant_id uuid not null references merchants,
  id uuid not null,
  provider_account_id uuid not null references provider_accounts,
  provider text not null,
  environment text not null,
  origin text not null check (origin in ('api', 'checkout', 'invoice', 'link', 'c2b')),
  status text not null check (status in ('created', 'pending', 'completed', 'failed', 'reversed')),
  -- Counts the status changes that the merchant is told of.
  version integer not null default 0,
  provider_outcome text check (provider_outcome in ('accepted', 'refused', 'unknown')),
  currency text not null default 'KES' check (currency = 'KES'),
  amount_cents bigint not null check (amount_cents > 0),
  commission_cents bigint not null default 0 check (commission_cents >= 0),
  received_cents bigint not null default 0 check (received_cents >= 0),
  reserved_cents bigint not null default 0 check (reserved_cents >= 0),
  refunded_cents bigint not null default 0 check (refunded_cents >= 0),
  phone text check (phone ~ '^254[17][0-9]{8}$'),
  payer_phone_masked text,
  payer_phone_hash text,
  payer_name text,
  payer_email text,
  payer_id_number text,
  -- What the merchant asked for, and what was sent to the provider in its place when they asked for none.
  account_reference text,
  sent_reference text not null,
  external_reference text,
  description text,
  metadata jsonb not null default '{}',
  invoice_id uuid,
  link_id uuid,
  retry_of uuid,
  callback_url text,
  return_url text,
  idempotency_key text,
  provider_ref text,
  merchant_request_id text,
  provider_receipt text,
  failure_code text,
  failure_message text,
  failure_provider_code text,
  late boolean not null default false,
  -- The evidence that brought the present status, and what the last evidence did here: RETURNING cannot see the row as it was.
  settled_by uuid,
  last_effect text,
  needs_attention text,
  requested_at timestamptz,
  paid_at timestamptz,
  completed_at timestamptz,
  failed_at timestamptz,
  reversed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check_at timestamptz,
  checks integer not null default 0,
  checked_at timestamptz,
  receipt_due_at timestamptz,
  lane smallint generated always as (get_byte(uuid_send(id), 15) & 63) stored,
  primary key (merchant_id, id),
  check (status <> 'completed' or provider_receipt is not null or receipt_due_at is not null),
  check (status <> 'failed' or failure_code is not null),
  check (status not in ('completed', 'reversed') or completed_at is not null),
  check (refunded_cents + reserved_cents <= received_cents)
) with (fillfactor = 85);
create unique index payments_receipt on payments (merchant_id, provider, environment, provider_receipt) where provider_receipt is not null;
create unique index payments_external_reference on payments (merchant_id, environment, external_reference) where external_reference is not null;
create index payments_provider_ref on payments (provider_ref) where provider_ref is not null;
-- Most payments are completed: those are found by the primary key, and settling one makes no entry here.
create index payments_not_completed on payments (merchant_id, status, id) where status <> 'completed';
create index payments_by_phone on payments (merchant_id, phone, id) where phone is not null;
create index payments_by_reference on payments (merchant_id, sent_reference text_pattern_ops, id);
create index payments_attention on payments (merchant_id, id) where needs_attention is not null;
create index payments_by_id on payments (id);
-- A failed payment is tried again once; what failed again is tried again in its turn.
create unique index payments_retry on payments (merchant_id, retry_of) where retry_of is not null;
create index payments_to_check on payments (check_at) where check_at is not null;
create index payments_to_seek on payments (receipt_due_at) where receipt_due_at is not null;

-- One receipt of the provider, one row: the sums of this table equal the provider's ledger.
create table money_in (
  merchant_id uuid not null,
  provider text not null,
  environment text not null,
  receipt text not null check (receipt ~ '^[A-Za-z0-9-]{4,40}$'),
  id uuid not null,
  provider_account_id uuid not null,
  amount_cents bigint not null check (amount_cents > 0),
  currency text not null default 'KES',
  payment_id uuid,
  -- The payment that the evidence named, also where the money does not settle it.
  named_payment_id uuid,
  kind text not null default 'stk' check (kind in ('stk', 'c2b', 'other')),
  phone text,
  phone_masked text,
  phone_hash text,
  payer_name text,
  reference text,
  -- Why no payment explains it, in a word.
  unmatched_because text,
  candidates uuid[],
  -- C2B money waits until then for the callback of a payment that it could belong to.
  match_at timestamptz,
  reversed_by text,
  reversed_at timestamptz,
  paid_at timestamptz,
  created_at timestamptz not null,
  primary key (merchant_id, provider, environment, receipt),
  foreign key (merchant_id, payment_id) references payments (merchant_id, id)
);
create index money_in_by_payment on money_in (merchant_id, payment_id) where payment_id is not null;
create index money_in_unmatched on money_in (merchant_id, created_at) where payment_id is null;
create index money_in_to_match on money_in (match_at) where match_at is not null;

-- Append only. Partitioned by month, by range of the time-ordered id.
create table evidence (
  merchant_id uuid not null,
  id uuid not null,
  subject text not null default 'payment' check (subject in ('payment', 'refund', 'payout')),
  subject_id uuid not null,
  source text not null check (source in ('ack', 'callback', 'query', 'status', 'pull', 'statement', 'operator')),
  verdict text check (verdict in ('success', 'failure')),
  -- What it did: settled, filled in the receipt, informed, contradicts, or was set aside for a person.
  effect text not null,
  provider_code text,
  message text,
  receipt text,
  amount_cents bigint,
  callback_id uuid,
  raw bytea,
  at timestamptz not null,
  primary key (merchant_id, id)
) partition by range (id);
create index evidence_by_subject on evidence (merchant_id, subject_id, id);

-- Every body that a provider sent, exactly as it came.
create table callbacks (
  merchant_id uuid not null,
  id uuid not null,
  received_at timestamptz not null,
  kind text not null,
  subject_id uuid,
  path text not null,
  source_address text not null,
  headers jsonb not null,
  body bytea not null,
  -- When set, nobody has acted on it yet.
  settle_at timestamptz,
  attempts integer not null default 0,
  problem text,
  primary key (merchant_id, id)
) partition by range (id);
create index callbacks_to_settle on callbacks (settle_at) where settle_at is not null;

create table events (
  merchant_id uuid not null,
  id uuid not null,
  type text not null,
  subject_id uuid not null,
  version integer not null,
  -- Whether it happened to live money, or to that of simulator and sandbox.
  mode text not null check (mode in ('test', 'live')),
  -- Sent byte for byte.
  body text not null,
  created_at timestamptz not null,
  primary key (merchant_id, id),
  unique (merchant_id, subject_id, version)
);

create table webhook_endpoints (
  merchant_id uuid not null references merchants,
  id uuid not null,
  environment text not null check (environment in ('test', 'live')),
  url text not null,
  description text,
  -- Null asks for all of them.
  events text[],
  secret bytea not null,
  previous_secret bytea,
  previous_secret_until timestamptz,
  status text not null default 'enabled' check (status in ('enabled', 'disabled')),
  disabled_because text,
  failing_since timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (merchant_id, id)
);

create table deliveries (
  merchant_id uuid not null,
  id uuid not null,
  event_id uuid not null,
  endpoint_id uuid not null,
  subject_id uuid not null,
  status text not null default 'pending' check (status in ('pending', 'succeeded', 'failed')),
  attempts integer not null default 0,
  attempt_at timestamptz,
  last_status integer,
  last_error text,
  delivered_at timestamptz,
  created_at timestamptz not null,
  lane smallint generated always as (get_byte(uuid_send(subject_id), 15) & 63) stored,
  -- The id follows from event and endpoint, so it is what makes a delivery unique.
  primary key (merchant_id, id),
  check ((status = 'pending') = (attempt_at is not null))
) with (fillfactor = 85);
create index deliveries_due on deliveries (attempt_at) where attempt_at is not null;
create index deliveries_by_subject on deliveries (merchant_id, subject_id, id);

create table delivery_attempts (
  merchant_id uuid not null,
  delivery_id uuid not null,
  attempt integer not null,
  at timestamptz not null,
  status integer,
  error text,
  response text,
  duration_ms integer not null,
  primary key (merchant_id, delivery_id, attempt)
);

create table idempotency (
  merchant_id uuid not null,
  route text not null,
  key text not null,
  request_hash bytea not null,
  object_id uuid not null,
  status integer,
  answer text,
  created_at timestamptz not null,
  primary key (merchant_id, route, key)
);
create index idempotency_by_age on idempotency (created_at);
