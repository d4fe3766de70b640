-- What an endpoint is told of is a mode, test or live, and never one environment.
alter table webhook_endpoints rename column environment to mode;
