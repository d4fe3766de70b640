-- How far the doctor has looked, so that it need not look at all of the books each time: what was made or changed before `until` was
-- right, but for the rows named in `wrong`, each with its merchant, which are looked at again.
create table examined (
  name text primary key,
  until timestamptz not null,
  wrong jsonb not null default '[]'
);
