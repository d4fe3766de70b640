-- What the indexes with slices stand in the place of. By itself, since it waits for a moment in which nobody reads these tables; and
-- one by one, as Citus takes them.
drop index payments_by_reference;
drop index payments_by_external_reference;
drop index payments_by_amount;
drop index payments_by_payer_name;
drop index money_in_by_reference;
drop index money_in_by_amount;
drop index money_in_by_payer_name;
drop index invoices_by_customer_name;
