-- A second factor beside the password. What was shown to a user counts from the moment at which they have shown a code of it.
alter table users add column totp_secret bytea;
alter table users add column totp_since timestamptz;
-- A code counts once: that of this step of 30 seconds was used, and none before it is taken any more.
alter table users add column totp_step bigint;
-- Hashes of the codes that are left for who has lost their phone.
alter table users add column recovery_codes bytea[] not null default '{}';
alter table users add check (totp_since is null or totp_secret is not null);

-- Forms that were sent, so that one that is sent twice is carried out once, and answered alike.
create table sent_forms (
  session_id uuid not null references sessions (id),
  once text not null check (length(once) <= 64),
  sent_at timestamptz not null,
  -- Null while it is being carried out. Sealed: it may show a secret, this once.
  answer bytea,
  primary key (session_id, once)
);
