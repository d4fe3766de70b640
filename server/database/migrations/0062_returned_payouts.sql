-- A payout that was completed may come back whole, and stays so: a node of the version before, which does not know that, can make
-- nothing else of it.
alter table payouts add column returned_at timestamptz;
alter table payouts drop constraint payouts_status_check;
alter table payouts add constraint payouts_status_check
  check (status in ('awaiting_approval', 'created', 'pending', 'completed', 'failed', 'returned'));
alter table payouts add constraint payouts_returned check ((status = 'returned') = (returned_at is not null));
alter table payouts add constraint payouts_returned_was_completed
  check (returned_at is null or (completed_at is not null and provider_receipt is not null));
