-- People: who signs in, for which businesses and in which role, by which sessions, and the links that let them in.
create table users (
  id uuid primary key,
  email text not null check (email = lower(email) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) <= 254),
  name text not null check (length(name) between 1 and 100),
  -- As argon2id writes it, with its costs and its salt.
  password text not null check (password like '$argon2id$%'),
  created_at timestamptz not null
);
create unique index users_by_email on users (email);

create table memberships (
  merchant_id uuid not null references merchants (id),
  user_id uuid not null references users (id),
  role text not null check (role in ('owner', 'developer', 'finance', 'cashier', 'viewer')),
  created_at timestamptz not null,
  primary key (merchant_id, user_id)
);
create index memberships_by_user on memberships (user_id);

create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id),
  -- Of the token that the browser keeps.
  hash bytea not null unique,
  -- What was chosen to look at; null for what comes first.
  merchant_id uuid references merchants (id),
  mode text check (mode in ('test', 'live')),
  source_address text not null,
  agent text,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  -- When the password was typed again, for what asks for that.
  confirmed_at timestamptz,
  ended_at timestamptz
);
create index sessions_by_user on sessions (user_id, id);

-- A link is for a new member, with a role, or for a user who chooses a new password. Without a merchant it is for every one of the
-- installation.
create table invitations (
  id uuid primary key,
  hash bytea not null unique,
  merchant_id uuid references merchants (id),
  role text check (role in ('owner', 'developer', 'finance', 'cashier', 'viewer')),
  user_id uuid references users (id),
  email text check (email = lower(email) and length(email) <= 254),
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  ended_at timestamptz,
  check ((role is null) = (user_id is not null))
);
create index invitations_by_merchant on invitations (merchant_id, id);

-- Passwords that were tried, counted by whose and from where, until one is right or time has passed.
create table sign_in_attempts (
  subject text primary key,
  count integer not null check (count >= 0),
  since timestamptz not null
);
