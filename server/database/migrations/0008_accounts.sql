-- Several accounts of one merchant with a provider: its tills and branches, one of them the default.
alter table provider_accounts
  add column name text,
  -- What names no account uses this one.
  add column is_default boolean not null default false,
  -- Since when nothing new is made with it. It stays for the checks and refunds of what was.
  add column ended_at timestamptz;
update provider_accounts
  set name = coalesce(till, shortcode), is_default = current, ended_at = case when not current then updated_at end;
alter table provider_accounts
  alter column name set not null,
  drop column current,
  add constraint provider_accounts_default_in_use check (not is_default or ended_at is null);

create unique index provider_accounts_default on provider_accounts (merchant_id, provider) where is_default;
create unique index provider_accounts_name on provider_accounts (merchant_id, lower(name)) where ended_at is null;
create unique index provider_accounts_code on provider_accounts (merchant_id, provider, environment, shortcode, coalesce(till, ''));
create unique index provider_accounts_live on provider_accounts (provider, shortcode, coalesce(till, ''))
  where environment = 'live' and ended_at is null;
