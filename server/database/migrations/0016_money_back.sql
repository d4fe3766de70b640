-- Money that no payment explains goes back by a refund of its own: what is on its way back is reserved on the money itself.
alter table money_in
  add column reserved_cents bigint not null default 0 check (reserved_cents >= 0),
  add constraint money_in_within_amount check (reversed_cents + reserved_cents <= amount_cents);

alter table refunds
  add column of_money boolean not null default false,
  drop constraint refunds_check,
  add constraint refunds_of_something check (payment_id is not null or of_money or origin = 'portal');
