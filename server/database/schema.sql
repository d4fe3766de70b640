-- All tables, written from the catalogue by a test. The migrations beside this file make them.

create table allocations (
  merchant_id uuid not null,
  payment_id uuid not null,
  invoice_id uuid not null,
  amount_cents bigint not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  PRIMARY KEY (merchant_id, payment_id, invoice_id),
  FOREIGN KEY (merchant_id, invoice_id) REFERENCES invoices(merchant_id, id),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payments(merchant_id, id),
  CHECK ((amount_cents >= 0))
);
CREATE INDEX allocations_by_invoice ON public.allocations USING btree (merchant_id, invoice_id, payment_id);

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
  person text not null,
  UNIQUE (hash),
  PRIMARY KEY (id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text])))
);
CREATE INDEX api_keys_by_merchant ON public.api_keys USING btree (merchant_id, id);

create table approvals (
  merchant_id uuid not null,
  payout_id uuid not null,
  decision text not null,
  actor text not null,
  reason text,
  at timestamp with time zone not null,
  PRIMARY KEY (merchant_id, payout_id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (merchant_id, payout_id) REFERENCES payouts(merchant_id, id),
  CHECK ((decision = ANY (ARRAY['approved'::text, 'rejected'::text])))
);

create table audit_log (
  merchant_id uuid not null,
  id uuid not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  subject text,
  details jsonb default '{}'::jsonb not null,
  mail_at timestamp with time zone,
  PRIMARY KEY (merchant_id, id)
);
CREATE INDEX audit_log_to_mail ON public.audit_log USING btree (mail_at) WHERE (mail_at IS NOT NULL);

create table audit_seals (
  merchant_id uuid not null,
  number integer not null,
  until_id uuid not null,
  lines integer not null,
  hash bytea not null,
  mac bytea not null,
  sealed_at timestamp with time zone not null,
  PRIMARY KEY (merchant_id, number),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK ((length(hash) = 32)),
  CHECK ((lines > 0)),
  CHECK ((length(mac) = 36)),
  CHECK ((number > 0))
);

create table c2b_rules (
  merchant_id uuid not null,
  provider_account_id uuid not null,
  accepts text not null,
  known_references text[] default '{}'::text[] not null,
  url text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  PRIMARY KEY (merchant_id, provider_account_id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  CHECK ((accepts = ANY (ARRAY['all'::text, 'known_reference'::text, 'exact_amount'::text, 'what_url_accepts'::text]))),
  CHECK (((accepts = 'what_url_accepts'::text) = (url IS NOT NULL)))
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
  attention_told boolean default false not null,
  looked_at timestamp with time zone,
  PRIMARY KEY (merchant_id, id)
) partition by RANGE (id);
CREATE INDEX callbacks_attention ON ONLY public.callbacks USING btree (merchant_id, id) WHERE ((problem IS NOT NULL) AND (settle_at IS NULL) AND (looked_at IS NULL));
CREATE INDEX callbacks_to_settle ON ONLY public.callbacks USING btree (settle_at) WHERE (settle_at IS NOT NULL);

create table claims (
  merchant_id uuid not null,
  provider text not null,
  environment text not null,
  receipt text not null,
  payment_id uuid,
  asked_at timestamp with time zone,
  created_at timestamp with time zone not null,
  invoice_id uuid,
  link_id uuid,
  subject_id uuid generated always as (COALESCE(payment_id, invoice_id, link_id)) stored not null,
  PRIMARY KEY (merchant_id, provider, environment, receipt, subject_id),
  FOREIGN KEY (merchant_id, invoice_id) REFERENCES invoices(merchant_id, id),
  FOREIGN KEY (merchant_id, link_id) REFERENCES payment_links(merchant_id, id),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payments(merchant_id, id),
  CHECK ((num_nonnulls(payment_id, invoice_id, link_id) = 1)),
  CHECK ((receipt ~ '^[A-Z0-9]{10}$'::text))
);
CREATE INDEX claims_by_subject ON public.claims USING btree (merchant_id, subject_id, created_at);

create table day_money (
  merchant_id uuid not null,
  provider_account_id uuid not null,
  environment text not null,
  day date not null,
  cents bigint not null,
  count integer not null,
  returned_cents bigint not null,
  PRIMARY KEY (merchant_id, day, provider_account_id, environment),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  CHECK ((cents > 0)),
  CHECK (((returned_cents >= 0) AND (returned_cents <= cents))),
  CHECK ((count > 0))
);

create table day_outcomes (
  merchant_id uuid not null,
  provider_account_id uuid not null,
  environment text not null,
  day date not null,
  status text not null,
  failure_code text,
  seconds integer,
  count integer not null,
  UNIQUE NULLS NOT DISTINCT (merchant_id, day, provider_account_id, environment, status, failure_code, seconds),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  CHECK ((count > 0))
);

create table day_progress (
  merchant_id uuid not null,
  summed_until date,
  looked_until timestamp with time zone,
  sum_at timestamp with time zone not null,
  PRIMARY KEY (merchant_id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK (((summed_until IS NULL) = (looked_until IS NULL)))
);
CREATE INDEX day_progress_due ON public.day_progress USING btree (sum_at);

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
  PRIMARY KEY (merchant_id, id),
  CHECK (((status = 'pending'::text) = (attempt_at IS NOT NULL))),
  CHECK ((status = ANY (ARRAY['pending'::text, 'succeeded'::text, 'failed'::text])))
);
CREATE INDEX deliveries_by_subject ON public.deliveries USING btree (merchant_id, subject_id, endpoint_id);
CREATE INDEX deliveries_due ON public.deliveries USING btree (attempt_at) WHERE (attempt_at IS NOT NULL);
CREATE INDEX deliveries_failed ON public.deliveries USING btree (merchant_id, id) WHERE (status = 'failed'::text);
CREATE INDEX deliveries_listened ON public.deliveries USING btree (merchant_id, endpoint_id, id) WHERE (attempt_at = 'infinity'::timestamp with time zone);

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

create table examined (
  name text not null,
  until timestamp with time zone not null,
  wrong jsonb default '[]'::jsonb not null,
  PRIMARY KEY (name)
);

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

create table invitations (
  id uuid not null,
  hash bytea not null,
  merchant_id uuid,
  role text,
  user_id uuid,
  email text,
  created_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  ended_at timestamp with time zone,
  UNIQUE (hash),
  PRIMARY KEY (id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (user_id) REFERENCES users(id),
  CHECK (((role IS NULL) = (user_id IS NOT NULL))),
  CHECK (((email = lower(email)) AND (length(email) <= 254))),
  CHECK ((role = ANY (ARRAY['owner'::text, 'developer'::text, 'finance'::text, 'cashier'::text, 'viewer'::text])))
);
CREATE INDEX invitations_by_merchant ON public.invitations USING btree (merchant_id, id);

create table invoices (
  merchant_id uuid not null,
  id uuid not null,
  provider_account_id uuid not null,
  provider text not null,
  environment text not null,
  status text not null,
  version integer default 0 not null,
  reference text not null,
  reference_key text generated always as (upper(regexp_replace(reference, '[^A-Za-z0-9]'::text, ''::text, 'g'::text))) stored not null,
  description text,
  customer_name text,
  customer_email text,
  customer_phone text,
  lines jsonb not null,
  tax_included boolean not null,
  currency text default 'KES'::text not null,
  subtotal_cents bigint not null,
  tax_cents bigint not null,
  total_cents bigint not null,
  paid_cents bigint default 0 not null,
  instalments boolean not null,
  due_on date,
  metadata jsonb default '{}'::jsonb not null,
  return_url text,
  idempotency_key text,
  paid_at timestamp with time zone,
  voided_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  customer_language text,
  sent_at timestamp with time zone,
  reminders boolean default true not null,
  remind_at timestamp with time zone,
  outside_cents bigint default 0 not null,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  CHECK (((subtotal_cents + tax_cents) = total_cents)),
  CHECK (((status = 'void'::text) = (voided_at IS NOT NULL))),
  CHECK ((status =
CASE
    WHEN (voided_at IS NOT NULL) THEN 'void'::text
    WHEN (paid_cents = 0) THEN 'open'::text
    WHEN (paid_cents < total_cents) THEN 'part_paid'::text
    WHEN (paid_cents = total_cents) THEN 'paid'::text
    ELSE 'overpaid'::text
END)),
  CHECK (((sent_at IS NULL) OR (customer_email IS NOT NULL))),
  CHECK (((remind_at IS NULL) OR ((sent_at IS NOT NULL) AND reminders AND (due_on IS NOT NULL)))),
  CHECK (((outside_cents >= 0) AND (outside_cents <= paid_cents))),
  CHECK ((currency = 'KES'::text)),
  CHECK ((customer_language = ANY (ARRAY['en'::text, 'sw'::text]))),
  CHECK ((customer_phone ~ '^254[17][0-9]{8}$'::text)),
  CHECK ((environment = ANY (ARRAY['simulator'::text, 'sandbox'::text, 'live'::text]))),
  CHECK ((paid_cents >= 0)),
  CHECK ((provider = ANY (ARRAY['mpesa'::text, 'pesaflow'::text]))),
  CHECK ((reference ~ '^[A-Za-z0-9 ._/-]{1,12}$'::text)),
  CHECK ((status = ANY (ARRAY['open'::text, 'part_paid'::text, 'paid'::text, 'overpaid'::text, 'void'::text]))),
  CHECK ((subtotal_cents >= 0)),
  CHECK ((tax_cents >= 0)),
  CHECK ((total_cents > 0))
);
CREATE INDEX invoices_by_customer_phone ON public.invoices USING btree (merchant_id, customer_phone, id) WHERE (customer_phone IS NOT NULL);
CREATE INDEX invoices_by_id_alone ON public.invoices USING btree (id NULLS FIRST);
CREATE INDEX invoices_by_name_in_slice ON public.invoices USING gin (to_tsvector('simple'::regconfig, regexp_replace(customer_name, '(^|[[:space:][:punct:]]+)'::text, (('\1w'::text || "right"((merchant_id)::text, 6)) || "left"((id)::text, 5)), 'g'::text))) WHERE (customer_name IS NOT NULL);
CREATE INDEX invoices_by_reference ON public.invoices USING btree (merchant_id, reference_key text_pattern_ops, id);
CREATE UNIQUE INDEX invoices_reference ON public.invoices USING btree (merchant_id, environment, reference) WHERE (voided_at IS NULL);
CREATE INDEX invoices_to_remind ON public.invoices USING btree (remind_at) WHERE (remind_at IS NOT NULL);
CREATE INDEX invoices_unpaid ON public.invoices USING btree (merchant_id, id) WHERE (status = ANY (ARRAY['open'::text, 'part_paid'::text]));

create table mails (
  merchant_id uuid not null,
  id uuid not null,
  kind text not null,
  subject_id uuid not null,
  recipient text not null,
  sender text not null,
  reply_to text,
  subject text not null,
  body_text text not null,
  body_html text not null,
  status text not null,
  attempts integer default 0 not null,
  last_error text,
  send_at timestamp with time zone,
  sent_at timestamp with time zone,
  created_at timestamp with time zone not null,
  occasion text default ''::text not null,
  attachment bytea,
  attachment_name text,
  UNIQUE (merchant_id, kind, subject_id, occasion, recipient),
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK ((attachment_name ~ '^[A-Za-z0-9._-]{1,100}$'::text)),
  CHECK (((status = 'waiting'::text) = (send_at IS NOT NULL))),
  CHECK (((status = 'sent'::text) = (sent_at IS NOT NULL))),
  CHECK (((attachment IS NULL) = (attachment_name IS NULL))),
  CHECK ((kind = ANY (ARRAY['payment_complete'::text, 'invoice'::text, 'invoice_reminder'::text, 'refund_complete'::text, 'grave_act'::text, 'daily_summary'::text, 'monthly_statement'::text]))),
  CHECK (((recipient !~ '[[:space:]<>,]'::text) AND (length(recipient) <= 254))),
  CHECK ((sender !~ '[[:cntrl:]]'::text)),
  CHECK ((status = ANY (ARRAY['waiting'::text, 'sent'::text, 'kept'::text, 'failed'::text]))),
  CHECK (((subject !~ '[[:cntrl:]]'::text) AND ((length(subject) >= 1) AND (length(subject) <= 200))))
);
CREATE INDEX mails_to_send ON public.mails USING btree (send_at) WHERE (send_at IS NOT NULL);

create table memberships (
  merchant_id uuid not null,
  user_id uuid not null,
  role text not null,
  created_at timestamp with time zone not null,
  summary_at timestamp with time zone,
  statement_at timestamp with time zone,
  PRIMARY KEY (merchant_id, user_id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (user_id) REFERENCES users(id),
  CHECK ((role = ANY (ARRAY['owner'::text, 'developer'::text, 'finance'::text, 'cashier'::text, 'viewer'::text])))
);
CREATE INDEX memberships_by_user ON public.memberships USING btree (user_id);
CREATE INDEX memberships_to_state ON public.memberships USING btree (statement_at) WHERE (statement_at IS NOT NULL);
CREATE INDEX memberships_to_summarise ON public.memberships USING btree (summary_at) WHERE (summary_at IS NOT NULL);

create table merchant_logos (
  merchant_id uuid not null,
  type text not null,
  width integer not null,
  height integer not null,
  bytes bytea not null,
  version text not null,
  updated_at timestamp with time zone not null,
  PRIMARY KEY (merchant_id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK (((octet_length(bytes) >= 1) AND (octet_length(bytes) <= 65536))),
  CHECK (((height >= 1) AND (height <= 1024))),
  CHECK ((type = ANY (ARRAY['image/png'::text, 'image/jpeg'::text, 'image/webp'::text]))),
  CHECK (((width >= 1) AND (width <= 1024)))
);

create table merchants (
  id uuid not null,
  name text not null,
  duplicate_guard boolean default true not null,
  payouts_enabled boolean default false not null,
  payout_daily_limit_cents bigint default 0 not null,
  payout_approval_above_cents bigint,
  created_at timestamp with time zone not null,
  deleted_at timestamp with time zone,
  color text,
  language text default 'en'::text not null,
  invoice_reminders boolean default true not null,
  tax_pin text,
  vat_rate_points integer,
  address text,
  email text,
  PRIMARY KEY (id),
  CHECK (((length(address) >= 1) AND (length(address) <= 300))),
  CHECK ((color ~ '^#[0-9a-f]{6}$'::text)),
  CHECK (((email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text) AND (length(email) <= 254))),
  CHECK ((language = ANY (ARRAY['en'::text, 'sw'::text]))),
  CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  CHECK ((payout_approval_above_cents >= 0)),
  CHECK ((payout_daily_limit_cents >= 0)),
  CHECK ((tax_pin ~ '^[AP][0-9]{9}[A-Z]$'::text)),
  CHECK (((vat_rate_points >= 0) AND (vat_rate_points <= 10000)))
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
  reversed_cents bigint default 0 not null,
  callback_id uuid,
  attention_told boolean default false not null,
  looked_at timestamp with time zone,
  reserved_cents bigint default 0 not null,
  PRIMARY KEY (merchant_id, provider, environment, receipt),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payments(merchant_id, id),
  CHECK ((amount_cents > 0)),
  CHECK (((reversed_cents >= 0) AND (reversed_cents <= amount_cents))),
  CHECK ((kind = ANY (ARRAY['stk'::text, 'c2b'::text, 'other'::text]))),
  CHECK ((receipt ~ '^[A-Za-z0-9-]{4,40}$'::text)),
  CHECK ((reserved_cents >= 0)),
  CHECK (((reversed_cents + reserved_cents) <= amount_cents))
);
CREATE INDEX money_in_attention_untold ON public.money_in USING btree (merchant_id, id) WHERE ((payment_id IS NULL) AND (NOT attention_told));
CREATE INDEX money_in_by_amount_in_slice ON public.money_in USING btree (merchant_id, "left"((id)::text, 5), amount_cents);
CREATE INDEX money_in_by_id ON public.money_in USING btree (merchant_id, id);
CREATE INDEX money_in_by_name_in_slice ON public.money_in USING gin (to_tsvector('simple'::regconfig, regexp_replace(payer_name, '(^|[[:space:][:punct:]]+)'::text, (('\1w'::text || "right"((merchant_id)::text, 6)) || "left"((id)::text, 5)), 'g'::text))) WHERE (payer_name IS NOT NULL);
CREATE INDEX money_in_by_name_in_slice_of_payment ON public.money_in USING gin (to_tsvector('simple'::regconfig, regexp_replace(payer_name, '(^|[[:space:][:punct:]]+)'::text, (('\1w'::text || "right"((merchant_id)::text, 6)) || "left"((payment_id)::text, 5)), 'g'::text))) WHERE ((payer_name IS NOT NULL) AND (payment_id IS NOT NULL));
CREATE INDEX money_in_by_payment ON public.money_in USING btree (merchant_id, payment_id) WHERE (payment_id IS NOT NULL);
CREATE INDEX money_in_by_phone ON public.money_in USING btree (merchant_id, phone, id) WHERE (phone IS NOT NULL);
CREATE INDEX money_in_by_phone_hash ON public.money_in USING btree (merchant_id, phone_hash) WHERE (phone_hash IS NOT NULL);
CREATE INDEX money_in_by_phone_masked ON public.money_in USING btree (merchant_id, "right"(phone_masked, 3)) WHERE (phone_masked IS NOT NULL);
CREATE INDEX money_in_by_receipt ON public.money_in USING btree (merchant_id, receipt text_pattern_ops);
CREATE INDEX money_in_by_reference_in_slice ON public.money_in USING btree (merchant_id, "left"((id)::text, 5), upper(reference) text_pattern_ops, id) WHERE (reference IS NOT NULL);
CREATE INDEX money_in_to_match ON public.money_in USING btree (match_at) WHERE (match_at IS NOT NULL);
CREATE INDEX money_in_unmatched ON public.money_in USING btree (merchant_id, id) WHERE (payment_id IS NULL);

create table outside_payments (
  merchant_id uuid not null,
  id uuid not null,
  invoice_id uuid not null,
  environment text not null,
  status text not null,
  method text not null,
  alternate_reference text not null,
  reference_key text generated always as (upper(regexp_replace(alternate_reference, '[^A-Za-z0-9]'::text, ''::text, 'g'::text))) stored not null,
  amount_cents bigint not null,
  currency text default 'KES'::text not null,
  paid_on date,
  notes text not null,
  idempotency_key text,
  created_by text not null,
  person text not null,
  decided_by text,
  decided_at timestamp with time zone,
  decision_notes text,
  withdrawn_by text,
  withdrawn_at timestamp with time zone,
  withdrawal_notes text,
  attention_told boolean default false not null,
  looked_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, invoice_id) REFERENCES invoices(merchant_id, id),
  CHECK ((amount_cents > 0)),
  CHECK (((status = 'awaiting_approval'::text) = (decided_at IS NULL))),
  CHECK (((decided_at IS NULL) = (decided_by IS NULL))),
  CHECK (((status = 'withdrawn'::text) = (withdrawn_at IS NOT NULL))),
  CHECK (((withdrawn_at IS NULL) OR ((withdrawn_by IS NOT NULL) AND (withdrawal_notes IS NOT NULL)))),
  CHECK ((currency = 'KES'::text)),
  CHECK ((environment = ANY (ARRAY['simulator'::text, 'sandbox'::text, 'live'::text]))),
  CHECK ((method = ANY (ARRAY['cash'::text, 'bank'::text, 'cheque'::text, 'ecitizen'::text, 'other'::text]))),
  CHECK ((notes <> ''::text)),
  CHECK ((status = ANY (ARRAY['awaiting_approval'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text])))
);
CREATE INDEX outside_payments_by_invoice ON public.outside_payments USING btree (merchant_id, invoice_id, id);
CREATE INDEX outside_payments_by_reference ON public.outside_payments USING btree (merchant_id, reference_key) WHERE (reference_key <> ''::text);
CREATE UNIQUE INDEX outside_payments_once ON public.outside_payments USING btree (merchant_id, invoice_id, upper(alternate_reference)) WHERE (status = ANY (ARRAY['awaiting_approval'::text, 'approved'::text]));
CREATE INDEX outside_payments_waiting ON public.outside_payments USING btree (merchant_id, id) WHERE (status = 'awaiting_approval'::text);

create table payment_links (
  merchant_id uuid not null,
  id uuid not null,
  provider_account_id uuid not null,
  provider text not null,
  environment text not null,
  name text not null,
  amount_cents bigint,
  uses_max integer,
  metadata jsonb default '{}'::jsonb not null,
  return_url text,
  idempotency_key text,
  ended_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  uses_begun integer default 0 not null,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  CHECK ((amount_cents > 0)),
  CHECK ((uses_begun <= uses_max)),
  CHECK ((environment = ANY (ARRAY['simulator'::text, 'sandbox'::text, 'live'::text]))),
  CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  CHECK ((provider = ANY (ARRAY['mpesa'::text, 'pesaflow'::text]))),
  CHECK ((uses_begun >= 0)),
  CHECK ((uses_max > 0))
);
CREATE INDEX payment_links_by_id_alone ON public.payment_links USING btree (id NULLS FIRST);

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
  needs_attention text[],
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
  reference_key text generated always as (upper(regexp_replace(sent_reference, '[^A-Za-z0-9]'::text, ''::text, 'g'::text))) stored not null,
  attention_since timestamp with time zone,
  attention_told boolean default false not null,
  allocated_cents bigint default 0 not null,
  folded_into uuid,
  payer_language text,
  issue_at timestamp with time zone,
  receipt_id uuid,
  part_receipts text[],
  provider_checkout_url text,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (merchant_id, folded_into) REFERENCES payments(merchant_id, id),
  FOREIGN KEY (merchant_id, invoice_id) REFERENCES invoices(merchant_id, id),
  FOREIGN KEY (merchant_id, link_id) REFERENCES payment_links(merchant_id, id),
  FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  CHECK ((allocated_cents >= 0)),
  CHECK ((amount_cents > 0)),
  CHECK (((allocated_cents + refunded_cents) <= (amount_cents + commission_cents))),
  CHECK (((status <> 'failed'::text) OR (failure_code IS NOT NULL))),
  CHECK (((status <> ALL (ARRAY['completed'::text, 'reversed'::text])) OR (completed_at IS NOT NULL))),
  CHECK (((refunded_cents + reserved_cents) <= received_cents)),
  CHECK (((needs_attention IS NULL) = (attention_since IS NULL))),
  CHECK (((status <> 'completed'::text) OR (invoice_id IS NULL) OR (allocated_cents > 0) OR (folded_into IS NOT NULL))),
  CHECK (((status <> 'completed'::text) OR (provider_receipt IS NOT NULL) OR (receipt_due_at IS NOT NULL) OR (folded_into IS NOT NULL))),
  CHECK ((commission_cents >= 0)),
  CHECK ((currency = 'KES'::text)),
  CHECK ((cardinality(needs_attention) > 0)),
  CHECK ((origin = ANY (ARRAY['api'::text, 'checkout'::text, 'invoice'::text, 'link'::text, 'c2b'::text]))),
  CHECK ((cardinality(part_receipts) > 0)),
  CHECK ((payer_language = ANY (ARRAY['en'::text, 'sw'::text]))),
  CHECK ((phone ~ '^254[17][0-9]{8}$'::text)),
  CHECK ((length(provider_checkout_url) <= 2000)),
  CHECK ((provider_outcome = ANY (ARRAY['accepted'::text, 'refused'::text, 'unknown'::text]))),
  CHECK ((provider_receipt ~ '^[A-Za-z0-9-]{4,40}$'::text)),
  CHECK ((received_cents >= 0)),
  CHECK ((refunded_cents >= 0)),
  CHECK ((reserved_cents >= 0)),
  CHECK ((status = ANY (ARRAY['created'::text, 'pending'::text, 'completed'::text, 'failed'::text, 'reversed'::text])))
);
CREATE INDEX payments_attention ON public.payments USING btree (merchant_id, id) WHERE (needs_attention IS NOT NULL);
CREATE INDEX payments_attention_untold ON public.payments USING btree (merchant_id, id) WHERE ((needs_attention IS NOT NULL) AND (NOT attention_told));
CREATE INDEX payments_by_amount_in_slice ON public.payments USING btree (merchant_id, "left"((id)::text, 5), amount_cents);
CREATE INDEX payments_by_external_reference_in_slice ON public.payments USING btree (merchant_id, "left"((id)::text, 5), external_reference text_pattern_ops, id) WHERE (external_reference IS NOT NULL);
CREATE INDEX payments_by_id_alone ON public.payments USING btree (id NULLS FIRST);
CREATE INDEX payments_by_invoice ON public.payments USING btree (merchant_id, invoice_id, id) WHERE (invoice_id IS NOT NULL);
CREATE INDEX payments_by_link ON public.payments USING btree (merchant_id, link_id, id) WHERE (link_id IS NOT NULL);
CREATE INDEX payments_by_name_in_slice ON public.payments USING gin (to_tsvector('simple'::regconfig, regexp_replace(payer_name, '(^|[[:space:][:punct:]]+)'::text, (('\1w'::text || "right"((merchant_id)::text, 6)) || "left"((id)::text, 5)), 'g'::text))) WHERE (payer_name IS NOT NULL);
CREATE INDEX payments_by_phone ON public.payments USING btree (merchant_id, phone, id) WHERE (phone IS NOT NULL);
CREATE INDEX payments_by_reference_in_slice ON public.payments USING btree (merchant_id, "left"((id)::text, 5), reference_key text_pattern_ops, id);
CREATE UNIQUE INDEX payments_external_reference ON public.payments USING btree (merchant_id, environment, external_reference) WHERE ((external_reference IS NOT NULL) AND (failed_at IS NULL));
CREATE INDEX payments_folded ON public.payments USING btree (merchant_id, folded_into) WHERE (folded_into IS NOT NULL);
CREATE INDEX payments_not_completed ON public.payments USING btree (merchant_id, status, id) WHERE (status <> 'completed'::text);
CREATE INDEX payments_provider_ref ON public.payments USING btree (provider_ref) WHERE (provider_ref IS NOT NULL);
CREATE UNIQUE INDEX payments_receipt ON public.payments USING btree (merchant_id, provider_receipt text_pattern_ops, provider, environment) WHERE (provider_receipt IS NOT NULL);
CREATE UNIQUE INDEX payments_retry ON public.payments USING btree (merchant_id, retry_of) WHERE (retry_of IS NOT NULL);
CREATE INDEX payments_to_check ON public.payments USING btree (check_at) WHERE (check_at IS NOT NULL);
CREATE INDEX payments_to_issue ON public.payments USING btree (issue_at) WHERE (issue_at IS NOT NULL);
CREATE INDEX payments_to_seek ON public.payments USING btree (receipt_due_at) WHERE (receipt_due_at IS NOT NULL);

create table payout_batches (
  merchant_id uuid not null,
  id uuid not null,
  provider_account_id uuid not null,
  provider text not null,
  environment text not null,
  name text,
  count integer not null,
  total_cents bigint not null,
  idempotency_key text,
  created_by text not null,
  person text not null,
  decision text,
  decided_by text,
  decided_at timestamp with time zone,
  reason text,
  created_at timestamp with time zone not null,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  CHECK ((((decision IS NULL) = (decided_by IS NULL)) AND ((decision IS NULL) = (decided_at IS NULL)))),
  CHECK ((count > 0)),
  CHECK ((decision = ANY (ARRAY['approved'::text, 'rejected'::text]))),
  CHECK ((total_cents > 0))
);

create table payout_days (
  merchant_id uuid not null,
  environment text not null,
  day date not null,
  used_cents bigint not null,
  PRIMARY KEY (merchant_id, environment, day),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK ((used_cents >= 0))
);

create table payouts (
  merchant_id uuid not null,
  id uuid not null,
  provider_account_id uuid not null,
  provider text not null,
  environment text not null,
  kind text not null,
  status text not null,
  version integer default 0 not null,
  provider_outcome text,
  currency text default 'KES'::text not null,
  amount_cents bigint not null,
  phone text,
  shortcode text,
  shortcode_type text,
  account_reference text,
  reason text,
  remarks text,
  external_reference text,
  metadata jsonb default '{}'::jsonb not null,
  idempotency_key text,
  created_by text not null,
  counted_on date not null,
  originator_conversation_id text,
  conversation_id text,
  provider_receipt text,
  receiver_name text,
  failure_code text,
  failure_message text,
  failure_provider_code text,
  late boolean default false not null,
  settled_by uuid,
  last_effect text,
  needs_attention text[],
  requested_at timestamp with time zone,
  paid_at timestamp with time zone,
  completed_at timestamp with time zone,
  failed_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  check_at timestamp with time zone,
  checks integer default 0 not null,
  checked_at timestamp with time zone,
  attention_since timestamp with time zone,
  attention_told boolean default false not null,
  person text not null,
  batch_id uuid,
  send_at timestamp with time zone,
  returned_at timestamp with time zone,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, batch_id) REFERENCES payout_batches(merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  CHECK ((amount_cents > 0)),
  CHECK (((kind = 'b2b'::text) = (shortcode IS NOT NULL))),
  CHECK (((kind = 'b2b'::text) = (phone IS NULL))),
  CHECK (((kind = 'b2b'::text) = (shortcode_type IS NOT NULL))),
  CHECK (((status <> 'failed'::text) OR (failure_code IS NOT NULL))),
  CHECK (((status <> 'completed'::text) OR (completed_at IS NOT NULL))),
  CHECK (((needs_attention IS NULL) = (attention_since IS NULL))),
  CHECK ((currency = 'KES'::text)),
  CHECK ((kind = ANY (ARRAY['b2c'::text, 'pochi'::text, 'b2b'::text]))),
  CHECK ((cardinality(needs_attention) > 0)),
  CHECK ((phone ~ '^254[17][0-9]{8}$'::text)),
  CHECK ((provider_outcome = ANY (ARRAY['accepted'::text, 'refused'::text, 'unknown'::text]))),
  CHECK ((provider_receipt ~ '^[A-Za-z0-9-]{4,40}$'::text)),
  CHECK ((reason = ANY (ARRAY['business_payment'::text, 'salary_payment'::text, 'promotion_payment'::text]))),
  CHECK (((status = ANY (ARRAY['awaiting_approval'::text, 'failed'::text])) OR (requested_at IS NOT NULL) OR (send_at IS NOT NULL))),
  CHECK (((status = 'returned'::text) = (returned_at IS NOT NULL))),
  CHECK (((returned_at IS NULL) OR ((completed_at IS NOT NULL) AND (provider_receipt IS NOT NULL)))),
  CHECK ((shortcode ~ '^[0-9]{5,7}$'::text)),
  CHECK ((shortcode_type = ANY (ARRAY['paybill'::text, 'till'::text]))),
  CHECK ((status = ANY (ARRAY['awaiting_approval'::text, 'created'::text, 'pending'::text, 'completed'::text, 'failed'::text, 'returned'::text])))
);
CREATE INDEX payouts_attention ON public.payouts USING btree (merchant_id, id) WHERE (needs_attention IS NOT NULL);
CREATE INDEX payouts_attention_untold ON public.payouts USING btree (merchant_id, id) WHERE ((needs_attention IS NOT NULL) AND (NOT attention_told));
CREATE INDEX payouts_by_batch ON public.payouts USING btree (merchant_id, batch_id, id) WHERE (batch_id IS NOT NULL);
CREATE INDEX payouts_by_phone ON public.payouts USING btree (merchant_id, phone, id) WHERE (phone IS NOT NULL);
CREATE UNIQUE INDEX payouts_external_reference ON public.payouts USING btree (merchant_id, environment, external_reference) WHERE (external_reference IS NOT NULL);
CREATE INDEX payouts_not_completed ON public.payouts USING btree (merchant_id, status, id) WHERE (status <> 'completed'::text);
CREATE INDEX payouts_open ON public.payouts USING btree (conversation_id) WHERE ((status = ANY (ARRAY['created'::text, 'pending'::text])) AND (conversation_id IS NOT NULL));
CREATE UNIQUE INDEX payouts_receipt ON public.payouts USING btree (merchant_id, provider, environment, provider_receipt) WHERE (provider_receipt IS NOT NULL);
CREATE INDEX payouts_to_check ON public.payouts USING btree (check_at) WHERE (check_at IS NOT NULL);
CREATE INDEX payouts_to_send ON public.payouts USING btree (send_at) WHERE (send_at IS NOT NULL);
CREATE INDEX payouts_without_receipt ON public.payouts USING btree (merchant_id, id) WHERE ((status = 'completed'::text) AND (provider_receipt IS NULL));

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
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  balance_problem text,
  c2b_default_action text default 'accept'::text not null,
  reconcile_problem text,
  name text not null,
  is_default boolean default false not null,
  ended_at timestamp with time zone,
  access_token_minting_by uuid,
  UNIQUE (c2b_token),
  UNIQUE (pull_token),
  PRIMARY KEY (id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK ((c2b_default_action = ANY (ARRAY['accept'::text, 'reject'::text]))),
  CHECK (((NOT is_default) OR (ended_at IS NULL))),
  CHECK ((environment = ANY (ARRAY['simulator'::text, 'sandbox'::text, 'live'::text]))),
  CHECK ((provider = ANY (ARRAY['mpesa'::text, 'pesaflow'::text]))),
  CHECK ((type = ANY (ARRAY['paybill'::text, 'till'::text])))
);
CREATE UNIQUE INDEX provider_accounts_code ON public.provider_accounts USING btree (merchant_id, provider, environment, shortcode, COALESCE(till, ''::text));
CREATE UNIQUE INDEX provider_accounts_default ON public.provider_accounts USING btree (merchant_id, provider) WHERE is_default;
CREATE INDEX provider_accounts_due ON public.provider_accounts USING btree (reconcile_at) WHERE (reconcile_at IS NOT NULL);
CREATE UNIQUE INDEX provider_accounts_live ON public.provider_accounts USING btree (provider, shortcode, COALESCE(till, ''::text)) WHERE ((environment = 'live'::text) AND (ended_at IS NULL));
CREATE UNIQUE INDEX provider_accounts_name ON public.provider_accounts USING btree (merchant_id, lower(name)) WHERE (ended_at IS NULL);

create table receipt_numbers (
  merchant_id uuid not null,
  mode text not null,
  year integer not null,
  last_number integer not null,
  PRIMARY KEY (merchant_id, mode, year),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK ((last_number > 0)),
  CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text]))),
  CHECK (((year >= 2000) AND (year <= 9999)))
);

create table receipts (
  merchant_id uuid not null,
  id uuid not null,
  payment_id uuid not null,
  environment text not null,
  mode text not null,
  year integer not null,
  number integer not null,
  previous_number integer generated always as (NULLIF((number - 1), 0)) stored,
  amount_cents bigint not null,
  tax_cents bigint not null,
  issuer jsonb not null,
  invoices jsonb not null,
  link_key text not null,
  issued_at timestamp with time zone not null,
  mail_at timestamp with time zone,
  UNIQUE (merchant_id, mode, year, number),
  UNIQUE (merchant_id, payment_id),
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (merchant_id, mode, year) REFERENCES receipt_numbers(merchant_id, mode, year),
  FOREIGN KEY (merchant_id, mode, year, previous_number) REFERENCES receipts(merchant_id, mode, year, number),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payments(merchant_id, id),
  CHECK ((amount_cents > 0)),
  CHECK ((mode =
CASE environment
    WHEN 'live'::text THEN 'live'::text
    ELSE 'test'::text
END)),
  CHECK (((tax_cents >= 0) AND (tax_cents <= amount_cents))),
  CHECK ((environment = ANY (ARRAY['simulator'::text, 'sandbox'::text, 'live'::text]))),
  CHECK ((link_key ~ '^[A-Za-z0-9_-]{22}$'::text)),
  CHECK ((number > 0)),
  CHECK (((year >= 2000) AND (year <= 9999)))
);
CREATE INDEX receipts_by_id_alone ON public.receipts USING btree (id NULLS FIRST);
CREATE INDEX receipts_to_mail ON public.receipts USING btree (mail_at) WHERE (mail_at IS NOT NULL);

create table reconciliation_items (
  merchant_id uuid not null,
  run_id uuid not null,
  number integer not null,
  kind text not null,
  direction text,
  outcome text not null,
  reason text not null,
  receipt text,
  amount_cents bigint,
  at timestamp with time zone,
  reference text,
  phone text,
  payer_name text,
  linked_receipt text,
  payment_id uuid,
  payout_id uuid,
  candidates uuid[],
  expected_cents bigint,
  raw text,
  line integer,
  problem text,
  PRIMARY KEY (merchant_id, run_id, number),
  CHECK ((amount_cents >= 0)),
  CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text]))),
  CHECK (((direction IS NOT NULL) OR (kind = 'unknown'::text))),
  CHECK ((kind = ANY (ARRAY['payment'::text, 'reversal'::text, 'payout'::text, 'charge'::text, 'transfer'::text, 'unknown'::text]))),
  CHECK ((outcome = ANY (ARRAY['matched'::text, 'recovered'::text, 'mismatched'::text, 'not_found'::text]))),
  CHECK (((problem IS NULL) OR (reason = 'unreadable'::text)))
);
CREATE INDEX reconciliation_items_by_receipt ON public.reconciliation_items USING btree (merchant_id, receipt) WHERE (receipt IS NOT NULL);

create table reconciliation_runs (
  merchant_id uuid not null,
  id uuid not null,
  provider_account_id uuid not null,
  provider text not null,
  environment text not null,
  source text not null,
  started_by text not null,
  status text not null,
  window_from timestamp with time zone not null,
  window_until timestamp with time zone not null,
  statement_id uuid,
  next_offset integer default 0 not null,
  note text,
  problem text,
  report jsonb,
  created_at timestamp with time zone not null,
  completed_at timestamp with time zone,
  work_at timestamp with time zone,
  attempts integer default 0 not null,
  needs_attention text[],
  attention_since timestamp with time zone,
  attention_told boolean default false not null,
  records_total integer,
  assume_completed boolean default false not null,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (merchant_id, statement_id) REFERENCES statements(merchant_id, id),
  FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  CHECK (((source = 'statement'::text) = (statement_id IS NOT NULL))),
  CHECK (((status = 'running'::text) = (work_at IS NOT NULL))),
  CHECK (((status = 'completed'::text) = (report IS NOT NULL))),
  CHECK (((needs_attention IS NULL) = (attention_since IS NULL))),
  CHECK ((cardinality(needs_attention) > 0)),
  CHECK ((records_total >= 0)),
  CHECK ((source = ANY (ARRAY['pull'::text, 'statement'::text]))),
  CHECK ((status = ANY (ARRAY['running'::text, 'completed'::text, 'failed'::text, 'skipped'::text])))
);
CREATE INDEX reconciliation_runs_attention ON public.reconciliation_runs USING btree (merchant_id, id) WHERE (needs_attention IS NOT NULL);
CREATE INDEX reconciliation_runs_attention_untold ON public.reconciliation_runs USING btree (merchant_id, id) WHERE ((needs_attention IS NOT NULL) AND (NOT attention_told));
CREATE INDEX reconciliation_runs_due ON public.reconciliation_runs USING btree (work_at) WHERE (work_at IS NOT NULL);

create table refunds (
  merchant_id uuid not null,
  id uuid not null,
  payment_id uuid,
  provider_account_id uuid not null,
  provider text not null,
  environment text not null,
  origin text not null,
  status text not null,
  version integer default 0 not null,
  provider_outcome text,
  was_unknown boolean default false not null,
  currency text default 'KES'::text not null,
  amount_cents bigint not null,
  reason text,
  idempotency_key text,
  payment_receipt text not null,
  provider_receipt text,
  originator_conversation_id text,
  conversation_id text,
  failure_code text,
  failure_message text,
  failure_provider_code text,
  late boolean default false not null,
  settled_by uuid,
  last_effect text,
  needs_attention text[],
  completed_at timestamp with time zone,
  failed_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  check_at timestamp with time zone,
  checks integer default 0 not null,
  checked_at timestamp with time zone,
  attention_since timestamp with time zone,
  attention_told boolean default false not null,
  of_money boolean default false not null,
  mail_at timestamp with time zone,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payments(merchant_id, id),
  FOREIGN KEY (provider_account_id) REFERENCES provider_accounts(id),
  CHECK ((amount_cents > 0)),
  CHECK (((status <> 'failed'::text) OR (failure_code IS NOT NULL))),
  CHECK (((status <> 'completed'::text) OR (completed_at IS NOT NULL))),
  CHECK (((needs_attention IS NULL) = (attention_since IS NULL))),
  CHECK ((currency = 'KES'::text)),
  CHECK ((cardinality(needs_attention) > 0)),
  CHECK (((payment_id IS NOT NULL) OR of_money OR (origin = 'portal'::text))),
  CHECK ((origin = ANY (ARRAY['api'::text, 'dashboard'::text, 'portal'::text]))),
  CHECK ((provider_outcome = ANY (ARRAY['accepted'::text, 'refused'::text, 'unknown'::text]))),
  CHECK ((provider_receipt ~ '^[A-Za-z0-9-]{4,40}$'::text)),
  CHECK ((status = ANY (ARRAY['created'::text, 'pending'::text, 'completed'::text, 'failed'::text])))
);
CREATE INDEX refunds_attention ON public.refunds USING btree (merchant_id, id) WHERE (needs_attention IS NOT NULL);
CREATE INDEX refunds_attention_untold ON public.refunds USING btree (merchant_id, id) WHERE ((needs_attention IS NOT NULL) AND (NOT attention_told));
CREATE INDEX refunds_by_payment ON public.refunds USING btree (merchant_id, payment_id, id);
CREATE INDEX refunds_by_payment_receipt ON public.refunds USING btree (merchant_id, payment_receipt);
CREATE INDEX refunds_open ON public.refunds USING btree (conversation_id) WHERE ((status = ANY (ARRAY['created'::text, 'pending'::text])) AND (conversation_id IS NOT NULL));
CREATE UNIQUE INDEX refunds_receipt ON public.refunds USING btree (merchant_id, provider, environment, provider_receipt) WHERE (provider_receipt IS NOT NULL);
CREATE INDEX refunds_to_check ON public.refunds USING btree (check_at) WHERE (check_at IS NOT NULL);
CREATE INDEX refunds_to_mail ON public.refunds USING btree (mail_at) WHERE (mail_at IS NOT NULL);

create table sent_forms (
  session_id uuid not null,
  once text not null,
  sent_at timestamp with time zone not null,
  answer bytea,
  PRIMARY KEY (session_id, once),
  FOREIGN KEY (session_id) REFERENCES sessions(id),
  CHECK ((length(once) <= 64))
);

create table sessions (
  id uuid not null,
  user_id uuid not null,
  hash bytea not null,
  merchant_id uuid,
  mode text,
  source_address text not null,
  agent text,
  created_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  ended_at timestamp with time zone,
  UNIQUE (hash),
  PRIMARY KEY (id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  FOREIGN KEY (user_id) REFERENCES users(id),
  CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text])))
);
CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id, id);

create table settings (
  name text not null,
  value jsonb not null,
  updated_at timestamp with time zone default now() not null,
  PRIMARY KEY (name)
);

create table sign_in_attempts (
  subject text not null,
  count integer not null,
  since timestamp with time zone not null,
  PRIMARY KEY (subject),
  CHECK ((count >= 0))
);

create table statements (
  merchant_id uuid not null,
  id uuid not null,
  sha256 bytea not null,
  name text,
  content bytea not null,
  uploaded_by text not null,
  created_at timestamp with time zone not null,
  UNIQUE (merchant_id, sha256),
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id)
);

create table strays (
  id uuid not null,
  received_at timestamp with time zone not null,
  path text not null,
  source_address text not null,
  headers jsonb not null,
  body bytea not null,
  merchant_id uuid,
  environment text,
  receipt text,
  looked_at timestamp with time zone,
  PRIMARY KEY (id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK ((length(body) <= 65536))
);
CREATE INDEX strays_attention ON public.strays USING btree (merchant_id, id) WHERE ((receipt IS NOT NULL) AND (looked_at IS NULL));

create table users (
  id uuid not null,
  email text not null,
  name text not null,
  password text not null,
  created_at timestamp with time zone not null,
  totp_secret bytea,
  totp_since timestamp with time zone,
  totp_step bigint,
  recovery_codes bytea[] default '{}'::bytea[] not null,
  PRIMARY KEY (id),
  CHECK (((totp_since IS NULL) OR (totp_secret IS NOT NULL))),
  CHECK (((email = lower(email)) AND (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text) AND (length(email) <= 254))),
  CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  CHECK ((password ~~ '$argon2id$%'::text))
);
CREATE UNIQUE INDEX users_by_email ON public.users USING btree (email);

create table webhook_endpoints (
  merchant_id uuid not null,
  id uuid not null,
  mode text not null,
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
  headers bytea,
  strikes integer default 0 not null,
  paused_until timestamp with time zone,
  is_simple boolean default false not null,
  machine text,
  heard_at timestamp with time zone,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id) REFERENCES merchants(id),
  CHECK (((machine IS NULL) = (heard_at IS NULL))),
  CHECK (((machine IS NULL) OR (paused_until = 'infinity'::timestamp with time zone) OR (status = 'disabled'::text) OR (deleted_at IS NOT NULL))),
  CHECK ((mode = ANY (ARRAY['test'::text, 'live'::text]))),
  CHECK ((status = ANY (ARRAY['enabled'::text, 'disabled'::text]))),
  CHECK ((strikes >= 0))
);
CREATE UNIQUE INDEX webhook_endpoints_listener ON public.webhook_endpoints USING btree (merchant_id, mode, url, machine) WHERE ((machine IS NOT NULL) AND (deleted_at IS NULL));
CREATE UNIQUE INDEX webhook_endpoints_simple ON public.webhook_endpoints USING btree (merchant_id, mode) WHERE (is_simple AND (deleted_at IS NULL));
