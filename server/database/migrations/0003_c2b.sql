-- Money that customers send of their own accord.

-- What becomes of a payment when nobody can say in time whether it is wanted.
alter table provider_accounts add column c2b_default_action text not null default 'accept' check (c2b_default_action in ('accept', 'reject'));

-- Which payments an account lets in, where Safaricom asks first. Without a row it lets in all.
create table c2b_rules (
  merchant_id uuid not null references merchants,
  provider_account_id uuid not null references provider_accounts,
  accepts text not null check (accepts in ('all', 'known_reference', 'exact_amount', 'what_url_accepts')),
  -- References that are known beside those of pending payments.
  known_references text[] not null default '{}',
  url text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (merchant_id, provider_account_id),
  check ((accepts = 'what_url_accepts') = (url is not null))
);

-- The body that told of the money first.
alter table money_in add column callback_id uuid;

-- Lists go by id, newest first.
create index money_in_by_id on money_in (merchant_id, id);
drop index money_in_unmatched;
create index money_in_unmatched on money_in (merchant_id, id) where payment_id is null;
