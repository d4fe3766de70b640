-- A payer names the code of what they paid at an invoice or a link as well, where there is no payment yet.
alter table claims
  drop constraint claims_pkey,
  alter column payment_id drop not null,
  add column invoice_id uuid,
  add column link_id uuid,
  add column subject_id uuid not null generated always as (coalesce(payment_id, invoice_id, link_id)) stored,
  add primary key (merchant_id, provider, environment, receipt, subject_id),
  add foreign key (merchant_id, invoice_id) references invoices (merchant_id, id),
  add foreign key (merchant_id, link_id) references payment_links (merchant_id, id),
  add check (num_nonnulls(payment_id, invoice_id, link_id) = 1);
drop index claims_by_payment;
create index claims_by_subject on claims (merchant_id, subject_id, created_at);

-- How many payments were begun at a link that takes so many: it grows as they begin, and is counted anew where some of them failed.
alter table payment_links add uses_begun int not null default 0 check (uses_begun >= 0), add check (uses_begun <= uses_max);
update payment_links l set uses_begun = least(uses_max, (select count(*) from payments p
  where p.merchant_id = l.merchant_id and p.link_id = l.id and p.status <> 'failed')) where uses_max is not null;
