-- A listener is an endpoint that fetches its deliveries instead of being posted to: the machine on which it runs, and when it was
-- last heard of. For whoever posts, it is left alone for ever, and so is each of its deliveries, which waits until it is fetched.
alter table webhook_endpoints
  add column machine text,
  add column heard_at timestamptz,
  add check ((machine is null) = (heard_at is null)),
  add check (machine is null or paused_until = 'infinity' or status = 'disabled' or deleted_at is not null);

create unique index webhook_endpoints_listener on webhook_endpoints (merchant_id, mode, url, machine)
  where machine is not null and deleted_at is null;

create index deliveries_listened on deliveries (merchant_id, endpoint_id, id) where attempt_at = 'infinity';
