-- When the payer of a receipt is to be told by mail.
alter table receipts add mail_at timestamptz;
create index receipts_to_mail on receipts (mail_at) where mail_at is not null;

-- Mail as it is sent, or kept where there is no SMTP server. Of one thing nobody is told twice.
create table mails (
  merchant_id uuid not null references merchants (id),
  id uuid not null,
  kind text not null check (kind in ('payment_complete')),
  subject_id uuid not null,
  recipient text not null check (recipient !~ '[[:space:]<>,]' and length(recipient) <= 254),
  sender text not null check (sender !~ '[[:cntrl:]]'),
  reply_to text,
  subject text not null check (subject !~ '[[:cntrl:]]' and length(subject) between 1 and 200),
  body_text text not null,
  body_html text not null,
  status text not null check (status in ('waiting', 'sent', 'kept', 'failed')),
  attempts int not null default 0,
  last_error text,
  send_at timestamptz,
  sent_at timestamptz,
  created_at timestamptz not null,
  primary key (merchant_id, id),
  unique (merchant_id, kind, subject_id),
  check ((status = 'waiting') = (send_at is not null)),
  check ((status = 'sent') = (sent_at is not null))
);
create index mails_to_send on mails (send_at) where send_at is not null;
