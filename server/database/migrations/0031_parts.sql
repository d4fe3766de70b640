-- Where a provider lets a payment be paid in parts, each part is one receipt, and they add up.
alter table payments
  -- The receipts that add up to what it received: so that none counts twice, whoever comes at the same moment.
  add part_receipts text[] check (cardinality(part_receipts) > 0),
  -- The provider's own page, where it has one at which the payer pays.
  add provider_checkout_url text check (length(provider_checkout_url) <= 2000);
