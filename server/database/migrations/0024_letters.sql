-- In which language payers are written to, where they have not chosen; and whether customers are reminded of what they owe.
alter table merchants
  add language text not null default 'en' check (language in ('en', 'sw')),
  add invoice_reminders boolean not null default true;
-- The language that a payer has chosen, or that their merchant knows of.
alter table payments add payer_language text check (payer_language in ('en', 'sw'));
alter table invoices
  add customer_language text check (customer_language in ('en', 'sw')),
  -- When it was sent by mail to the address that it has now. Only of what they were sent are customers reminded.
  add sent_at timestamptz,
  add reminders boolean not null default true,
  add remind_at timestamptz,
  add check (sent_at is null or customer_email is not null),
  add check (remind_at is null or (sent_at is not null and reminders and due_on is not null));
create index invoices_to_remind on invoices (remind_at) where remind_at is not null;

-- When whoever has to hear of it is told by mail: the payer of a refund, the owners of what is grave.
alter table refunds add mail_at timestamptz;
create index refunds_to_mail on refunds (mail_at) where mail_at is not null;
alter table audit_log add mail_at timestamptz;
create index audit_log_to_mail on audit_log (mail_at) where mail_at is not null;
