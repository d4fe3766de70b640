-- What the indexes with slices stand in the place of.
drop index concurrently payments_by_reference;
drop index concurrently payments_by_external_reference;
drop index concurrently payments_by_amount;
drop index concurrently payments_by_payer_name;
drop index concurrently money_in_by_reference;
drop index concurrently money_in_by_amount;
drop index concurrently money_in_by_payer_name;
drop index concurrently invoices_by_customer_name;
