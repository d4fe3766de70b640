-- The audit log in a chain: each seal holds what it follows and every line up to its own, so that a line which is changed or taken
-- away later shows. Its mac is made with a key that is not in the database.

create table audit_seals (
  merchant_id uuid not null references merchants (id),
  number integer not null check (number > 0),
  -- The last line that it holds. It begins behind that of the seal before it.
  until_id uuid not null,
  lines integer not null check (lines > 0),
  hash bytea not null check (length(hash) = 32),
  mac bytea not null check (length(mac) = 36),
  sealed_at timestamptz not null,
  primary key (merchant_id, number)
);
