-- What payers see of a merchant, and what they say at the checkout.

alter table merchants add color text check (color ~ '^#[0-9a-f]{6}$');

create table merchant_logos (
  merchant_id uuid primary key references merchants,
  type text not null check (type in ('image/png', 'image/jpeg', 'image/webp')),
  width integer not null check (width between 1 and 1024),
  height integer not null check (height between 1 and 1024),
  bytes bytea not null check (octet_length(bytes) between 1 and 65536),
  -- Names exactly these bytes, so that a browser may keep them for ever.
  version text not null,
  updated_at timestamptz not null
);

-- A payer's word that a receipt of theirs paid a payment: it is worth looking for, and proves nothing.
create table claims (
  merchant_id uuid not null,
  provider text not null,
  environment text not null,
  receipt text not null check (receipt ~ '^[A-Z0-9]{10}$'),
  payment_id uuid not null,
  -- When the provider was last asked about the receipt.
  asked_at timestamptz,
  created_at timestamptz not null,
  primary key (merchant_id, provider, environment, receipt, payment_id),
  foreign key (merchant_id, payment_id) references payments (merchant_id, id)
);
create index claims_by_payment on claims (merchant_id, payment_id);
