-- Why the provider's records of an account are not read by themselves, as the provider said it.
alter table provider_accounts add column reconcile_problem text;

-- A statement as it was uploaded. The same file is kept once.
create table statements (
  merchant_id uuid not null references merchants,
  id uuid not null,
  sha256 bytea not null,
  name text,
  content bytea not null,
  uploaded_by text not null,
  created_at timestamptz not null,
  primary key (merchant_id, id),
  unique (merchant_id, sha256)
);

-- A window of the provider's records, compared with ours.
create table reconciliation_runs (
  merchant_id uuid not null references merchants,
  id uuid not null,
  provider_account_id uuid not null references provider_accounts,
  provider text not null,
  environment text not null,
  source text not null check (source in ('pull', 'statement')),
  started_by text not null,
  status text not null check (status in ('running', 'completed', 'failed', 'skipped')),
  window_from timestamptz not null,
  window_until timestamptz not null,
  statement_id uuid,
  -- How many of the provider's records have been read: where a run that was interrupted goes on.
  next_offset integer not null default 0,
  -- What the window leaves out, for a person to know.
  note text,
  problem text,
  -- Counts and sums, made when the window is complete.
  report jsonb,
  created_at timestamptz not null,
  completed_at timestamptz,
  work_at timestamptz,
  attempts integer not null default 0,
  primary key (merchant_id, id),
  foreign key (merchant_id, statement_id) references statements (merchant_id, id),
  check ((source = 'statement') = (statement_id is not null)),
  check ((status = 'running') = (work_at is not null)),
  check ((status = 'completed') = (report is not null))
);
create index reconciliation_runs_due on reconciliation_runs (work_at) where work_at is not null;

-- What became of each record.
create table reconciliation_items (
  merchant_id uuid not null,
  run_id uuid not null,
  -- The place of the record, from 0; after the last of them come those of ours that the provider does not know.
  number integer not null,
  kind text not null check (kind in ('payment', 'reversal', 'payout', 'charge', 'transfer')),
  direction text not null check (direction in ('in', 'out')),
  outcome text not null check (outcome in ('matched', 'recovered', 'mismatched', 'not_found')),
  reason text not null,
  receipt text,
  amount_cents bigint check (amount_cents >= 0),
  at timestamptz,
  reference text,
  phone text,
  payer_name text,
  -- The receipt of the movement that this one takes back.
  linked_receipt text,
  payment_id uuid,
  payout_id uuid,
  candidates uuid[],
  -- What our books say, where that is not the same.
  expected_cents bigint,
  raw text,
  primary key (merchant_id, run_id, number),
  foreign key (merchant_id, run_id) references reconciliation_runs (merchant_id, id)
);
create index reconciliation_items_by_receipt on reconciliation_items (merchant_id, receipt) where receipt is not null;
