-- A statement says where each of its lines stands, and why one could not be read: then what it is is not known either.
alter table reconciliation_items
  add column line integer,
  add column problem text,
  alter column direction drop not null,
  drop constraint reconciliation_items_kind_check,
  add constraint reconciliation_items_kind_check
    check (kind in ('payment', 'reversal', 'payout', 'charge', 'transfer', 'unknown')),
  add constraint reconciliation_items_direction_known check (direction is not null or kind = 'unknown'),
  add constraint reconciliation_items_problem_named check (problem is null or reason = 'unreadable');

-- How many records a run has to read, where that is known from the beginning; and what the uploader of a statement vouches for.
alter table reconciliation_runs
  add column records_total integer check (records_total >= 0),
  add column assume_completed boolean not null default false;
