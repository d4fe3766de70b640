-- A payer who tries again pays for the same order: the new payment has the merchant's reference too. Of the payments that a
-- merchant asks for, one alone has it.
drop index payments_external_reference;
create unique index payments_external_reference on payments (merchant_id, environment, external_reference, retry_of) nulls not distinct
  where external_reference is not null;
