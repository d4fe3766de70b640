-- All tables, written from the catalogue by a test. The migrations beside this file make them.

create table api_keys (
  id uuid not null,
  merchant_id uuid not null,
  name text not null,
  hash bytea not null,
  hint text not null,
  mode text not null,
  scopes text[] not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  UNIQUE (hash),
  PRIMARY KEY (id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text])))
);
CREATE INDEX api_keys_by_merchant ON public.api_keys USING btree (merchant_id, id);

create table audit_log (
  merchant_id uuid not null,
  id uuid not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  subject text,
  details jsonb default '{}'::jsonb not null,
  PRIMARY KEY (merchant_id, id)
);

create table callbacks (
  merchant_id uuid not null,
  id uuid not null,
  received_at timestamp with time zone not null,
  kind text not null,
  subject_id uuid,
  path text not null,
  source_address text not null,
  headers jsonb not null,
  body bytea not null,
  settle_at timestamp with time zone,
  attempts integer default 0 not null,
  problem text,
  PRIMARY KEY (merchant_id, id)
) partition by RANGE (id);
CREATE INDEX callbacks_to_settle ON ONLY public.callbacks USING btree (settle_at) WHERE (settle_at IS NOT NULL);

create table deliveries (
  merchant_id uuid not null,
  id uuid not null,
  event_id uuid not null,
  endpoint_id uuid not null,
  subject_id uuid not null,
  status text default 'pending'::text not null,
  attempts integer default 0 not null,
  attempt_at timestamp with time zone,
  last_status integer,
  last_error text,
  delivered_at timestamp with time zone,
  created_at timestamp with time zone not null,
  lane smallint generated always as ((get_byte(uuid_send(subject_id), 15) & 63)) stored,
  UNIQUE (merchant_id, event_id, endpoint_id),
  PRIMARY KEY (merchant_id, id),
  CHECK (((status = 'pending'::text) = (attempt_at IS NOT NULL))),
  CHECK ((status = ANY (ARRAY['pending'::text, 'succeeded'::text, 'failed'::text])))
);
CREATE INDEX deliveries_by_subject ON public.deliveries USING btree (merchant_id, subject_id, id);
CREATE INDEX deliveries_due ON public.deliveries USING btree (attempt_at) WHERE (attempt_at IS NOT NULL);

create table delivery_attempts (
  merchant_id uuid not null,
  delivery_id uuid not null,
  attempt integer not null,
  at timestamp with time zone not null,
  status integer,
  error text,
  response text,
  duration_ms integer not null,
  PRIMARY KEY (merchant_id, delivery_id, attempt)
);

create table events (
  merchant_id uuid not null,
  id uuid not null,
  type text not null,
  subject_id uuid not null,
  version integer not null,
  mode text not null,
  body text not null,
  created_at timestamp with time zone not null,
  UNIQUE (merchant_id, subject_id, version),
  PRIMARY KEY (merchant_id, id),
  CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text])))
);

create table evidence (
  merchant_id uuid not null,
  id uuid not null,
  subject text default 'payment'::text not null,
  subject_id uuid not null,
  source text not null,
  verdict text,
  effect text not null,
  provider_code text,
  message text,
  receipt text,
  amount_cents bigint,
  callback_id uuid,
  raw bytea,
  at timestamp with time zone not null,
  PRIMARY KEY (merchant_id, id),
  CHECK ((source = ANY (ARRAY['ack'::text, 'callback'::text, 'query'::text, 'status'::text, 'pull'::text, 'statement'::text, 'operator'::text]))),
  CHECK ((subject = ANY (ARRAY['payment'::text, 'refund'::text, 'payout'::text]))),
  CHECK ((verdict = ANY (ARRAY['success'::text, 'failure'::text])))
) partition by RANGE (id);
CREATE INDEX evidence_by_subject ON ONLY public.evidence USING btree (merchant_id, subject_id, id);

create table idempotency (
  merchant_id uuid not null,
  route text not null,
  key text not null,
  request_hash bytea not null,
  object_id uuid not null,
  status integer,
  answer text,
  created_at timestamp with time zone not null,
  PRIMARY KEY (merchant_id, route, key)
);
CREATE INDEX idempotency_by_age ON public.idempotency USING btree (created_at);

create table merchants (
  id uuid not null,
  name text not null,
  duplicate_guard boolean default true not null,
  payouts_enabled boolean default false not null,
  payout_daily_limit_cents bigint default 0 not null,
  payout_approval_above_cents bigint,
  created_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (id),
  CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  CHECK ((payout_approval_above_cents >= 0)),
  CHECK ((payout_daily_limit_cents >= 0))
);
CREATE UNIQUE INDEX merchants_by_name ON public.merchants USING btree (lower(name)) WHERE (deleted_at IS NULL);

create table money_in (
  merchant_id uuid not null,
  provider text not null,
  environment text not null,
  receipt text not null,
  id uuid not null,
  provider_account_id uuid not null,
  amount_cents bigint not null,
  currency text default 'KES'::text not null,
  payment_id uuid,
  named_payment_id uuid,
  kind text default 'stk'::text not null,
  phone text,
  phone_masked text,
  phone_hash text,
  payer_name text,
  reference text,
  unmatched_because text,
  candidates uuid[],
  match_at timestamp with time zone,
  reversed_by text,
  reversed_at timestamp with time zone,
  paid_at timestamp with time zone,
  created_at timestamp with time zone not null,
  PRIMARY KEY (merchant_id, provider, environment, receipt),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payments(merchant_id, id),
  CHECK ((amount_cents > 0)),
  CHECK ((kind = ANY (ARRAY['stk'::text, 'c2b'::text, 'other'::text]))),
  CHECK ((receipt ~ '^[A-Za-z0-9-]{4,40}$'::text))
);
CREATE INDEX money_in_by_payment ON public.money_in USING btree (merchant_id, payment_id) WHERE (payment_id IS NOT NULL);
CREATE INDEX money_in_to_match ON public.money_in USING btree (match_at) WHERE (match_at IS NOT NULL);
CREATE INDEX money_in_unmatched ON public.money_in USING btree (merchant_id, created_at) WHERE (payment_id IS NULL);

create table payments (
  merchant_id uuid not null,
  id uuid not null,
  provider_account_id uuid not null,
  provider text not null,
  environment text not null,
  origin text not null,
  status text not null,
  version integer default 0 not null,
  provider_outcome text,
  currency text default 'KES'::text not null,
  amount_cents bigint not null,
  commission_cents bigint default 0 not null,
  received_cents bigint default 0 not null,
  reserved_cents bigint default 0 not null,
  refunded_cents bigint default 0 not null,
  phone text,
  payer_phone_masked text,
  payer_phone_hash text,
  payer_name text,
  payer_email text,
  payer_id_number text,
  account_reference text,
  sent_reference text not null,
  external_reference text,
  description text,
  metadata jsonb default '{}'::jsonb not null,
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
  late boolean default false not null,
  settled_by uuid,
  last_effect text,
  needs_attention text,
  requested_at timestamp with time zone,
  paid_at timestamp with time zone,
  completed_at timestamp with time zone,
  failed_at timestamp with time zone,
  reversed_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  check_at timestamp with time zone,
  checks integer default 0 not null,
  checked_at timestamp with time zone,
  receipt_due_at timestamp with time zone,
  lane smallint generated always as ((get_byte(uuid_send(id), 15) & 63)) stored,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  CHECK ((amount_cents > 0)),
  CHECK (((status <> 'completed'::text) OR (provider_receipt IS NOT NULL) OR (receipt_due_at IS NOT NULL))),
  CHECK (((status <> 'failed'::text) OR (failure_code IS NOT NULL))),
  CHECK (((status <> ALL (ARRAY['completed'::text, 'reversed'::text])) OR (completed_at IS NOT NULL))),
  CHECK (((refunded_cents + reserved_cents) <= received_cents)),
  CHECK ((commission_cents >= 0)),
  CHECK ((currency = 'KES'::text)),
  CHECK ((origin = ANY (ARRAY['api'::text, 'checkout'::text, 'invoice'::text, 'link'::text, 'c2b'::text]))),
  CHECK ((phone ~ '^254[17][0-9]{8}$'::text)),
  CHECK ((provider_outcome = ANY (ARRAY['accepted'::text, 'refused'::text, 'unknown'::text]))),
  CHECK ((received_cents >= 0)),
  CHECK ((refunded_cents >= 0)),
  CHECK ((reserved_cents >= 0)),
  CHECK ((status = ANY (ARRAY['created'::text, 'pending'::text, 'completed'::text, 'failed'::text, 'reversed'::text])))
);
CREATE INDEX payments_attention ON public.payments USING btree (merchant_id, id) WHERE (needs_attention IS NOT NULL);
CREATE INDEX payments_by_id ON public.payments USING btree (id);
CREATE INDEX payments_by_phone ON public.payments USING btree (merchant_id, phone, id) WHERE (phone IS NOT NULL);
CREATE INDEX payments_by_reference ON public.payments USING btree (merchant_id, sent_reference text_pattern_ops, id);
CREATE INDEX payments_by_status ON public.payments USING btree (merchant_id, status, id);
CREATE UNIQUE INDEX payments_external_reference ON public.payments USING btree (merchant_id, environment, external_reference) WHERE (external_reference IS NOT NULL);
CREATE INDEX payments_provider_ref ON public.payments USING btree (merchant_id, provider_ref) WHERE (provider_ref IS NOT NULL);
CREATE UNIQUE INDEX payments_receipt ON public.payments USING btree (merchant_id, provider, environment, provider_receipt) WHERE (provider_receipt IS NOT NULL);
CREATE UNIQUE INDEX payments_retry ON public.payments USING btree (merchant_id, retry_of) WHERE (retry_of IS NOT NULL);
CREATE INDEX payments_to_check ON public.payments USING btree (check_at) WHERE (check_at IS NOT NULL);
CREATE INDEX payments_to_seek ON public.payments USING btree (receipt_due_at) WHERE (receipt_due_at IS NOT NULL);

create table provider_accounts (
  id uuid not null,
  merchant_id uuid not null,
  provider text not null,
  environment text not null,
  shortcode text not null,
  till text,
  type text not null,
  credentials bytea not null,
  access_token bytea,
  access_token_expires_at timestamp with time zone,
  access_token_minting_until timestamp with time zone,
  c2b_token text,
  pull_token text,
  c2b_registered_at timestamp with time zone,
  pull_registered_at timestamp with time zone,
  reconcile_at timestamp with time zone,
  reconciled_until timestamp with time zone,
  balance jsonb,
  balance_at timestamp with time zone,
  current boolean default true not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  UNIQUE (c2b_token),
  UNIQUE (pull_token),
  PRIMARY KEY (id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK ((environment = ANY (ARRAY['simulator'::text, 'sandbox'::text, 'live'::text]))),
  CHECK ((provider = ANY (ARRAY['mpesa'::text, 'pesaflow'::text]))),
  CHECK ((type = ANY (ARRAY['paybill'::text, 'till'::text])))
);
CREATE UNIQUE INDEX provider_accounts_current ON public.provider_accounts USING btree (merchant_id, provider) WHERE current;
CREATE INDEX provider_accounts_due ON public.provider_accounts USING btree (reconcile_at) WHERE (reconcile_at IS NOT NULL);
CREATE UNIQUE INDEX provider_accounts_live ON public.provider_accounts USING btree (provider, shortcode, COALESCE(till, ''::text)) WHERE ((environment = 'live'::text) AND current);

create table settings (
  name text not null,
  value jsonb not null,
  updated_at timestamp with time zone default now() not null,
  PRIMARY KEY (name)
);

create table strays (
  id uuid not null,
  received_at timestamp with time zone not null,
  path text not null,
  source_address text not null,
  headers jsonb not null,
  body bytea not null,
  PRIMARY KEY (id),
  CHECK ((length(body) <= 65536))
);

create table webhook_endpoints (
  merchant_id uuid not null,
  id uuid not null,
  environment text not null,
  url text not null,
  description text,
  events text[],
  secret bytea not null,
  previous_secret bytea,
  previous_secret_until timestamp with time zone,
  status text default 'enabled'::text not null,
  disabled_because text,
  failing_since timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK ((environment = ANY (ARRAY['test'::text, 'live'::text]))),
  CHECK ((status = ANY (ARRAY['enabled'::text, 'disabled'::text])))
);
