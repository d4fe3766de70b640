-- Mail of every kind. Of one thing a reader is told once for each occasion: a reminder, a day, another sending.
alter table mails
  drop constraint mails_kind_check,
  add check (kind in ('payment_complete', 'invoice', 'invoice_reminder', 'refund_complete', 'grave_act', 'daily_summary', 'monthly_statement')),
  drop constraint mails_merchant_id_kind_subject_id_key,
  add occasion text not null default '',
  add attachment bytea,
  add attachment_name text check (attachment_name ~ '^[A-Za-z0-9._-]{1,100}$'),
  add check ((attachment is null) = (attachment_name is null));
alter table mails add unique (merchant_id, kind, subject_id, occasion, recipient);

-- When a member who wants them is told of a day, and of a month; null for whoever does not.
alter table memberships add summary_at timestamptz, add statement_at timestamptz;
create index memberships_to_summarise on memberships (summary_at) where summary_at is not null;
create index memberships_to_state on memberships (statement_at) where statement_at is not null;
