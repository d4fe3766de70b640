-- A merchant's own headers, encrypted as one text. How often in a row an endpoint has failed, and until when it is left alone.
-- The one endpoint of a merchant and mode that is set without naming it.
alter table webhook_endpoints
  add column headers bytea,
  add column strikes int not null default 0 check (strikes >= 0),
  add column paused_until timestamptz,
  add column is_simple boolean not null default false;

create unique index webhook_endpoints_simple on webhook_endpoints (merchant_id, mode) where is_simple and deleted_at is null;

-- What is sent again by hand is found by this.
create index deliveries_failed on deliveries (merchant_id, id) where status = 'failed';
