-- A receipt that holds what no receipt holds is damaged: what names it is set aside for a person, wherever it is named.
alter table payments add check (provider_receipt ~ '^[A-Za-z0-9-]{4,40}$');
alter table refunds add check (provider_receipt ~ '^[A-Za-z0-9-]{4,40}$');
alter table payouts add check (provider_receipt ~ '^[A-Za-z0-9-]{4,40}$');
