-- What each day in Nairobi brought, added up once it is over, so that a long time is looked at without reading all of its payments.
create table day_money (
  merchant_id uuid not null references merchants (id),
  provider_account_id uuid not null references provider_accounts (id),
  environment text not null,
  day date not null,
  -- What Lango learnt of on that day, and what of just that went back since.
  cents bigint not null check (cents > 0),
  count int not null check (count > 0),
  returned_cents bigint not null check (returned_cents between 0 and cents),
  primary key (merchant_id, day, provider_account_id, environment)
);

-- How the payments that were made on a day went, of which a phone was asked.
create table day_outcomes (
  merchant_id uuid not null references merchants (id),
  provider_account_id uuid not null references provider_accounts (id),
  environment text not null,
  day date not null,
  status text not null,
  failure_code text,
  -- How long the payer took, where that is counted.
  seconds int,
  count int not null check (count > 0),
  unique nulls not distinct (merchant_id, day, provider_account_id, environment, status, failure_code, seconds)
);

-- How far a merchant's days are added up, and when they are looked at again.
create table day_progress (
  merchant_id uuid primary key references merchants (id),
  summed_until date,
  -- Up to when what changed on days of before was looked for.
  looked_until timestamptz,
  sum_at timestamptz not null,
  check ((summed_until is null) = (looked_until is null))
);
create index day_progress_due on day_progress (sum_at);
