-- Many payouts that are asked for, and decided on, together.
create table payout_batches (
  merchant_id uuid not null references merchants,
  id uuid not null,
  provider_account_id uuid not null references provider_accounts,
  provider text not null,
  environment text not null,
  name text,
  count integer not null check (count > 0),
  total_cents bigint not null check (total_cents > 0),
  idempotency_key text,
  created_by text not null,
  person text not null,
  decision text check (decision in ('approved', 'rejected')),
  decided_by text,
  decided_at timestamptz,
  reason text,
  created_at timestamptz not null,
  primary key (merchant_id, id),
  check ((decision is null) = (decided_by is null) and (decision is null) = (decided_at is null))
);

-- What was approved together is sent bit by bit: send_at says that it has still to be.
alter table payouts
  add column batch_id uuid,
  add column send_at timestamptz,
  add foreign key (merchant_id, batch_id) references payout_batches (merchant_id, id),
  drop constraint payouts_check3,
  add constraint payouts_requested check (status in ('awaiting_approval', 'failed') or requested_at is not null or send_at is not null);
create index payouts_by_batch on payouts (merchant_id, batch_id, id) where batch_id is not null;
create index payouts_to_send on payouts (send_at) where send_at is not null;
