-- What the indexes with slices stand in the place of. By itself, since it waits for a moment in which nobody reads these tables.
drop index payments_by_reference, payments_by_external_reference, payments_by_amount, payments_by_payer_name, money_in_by_reference,
  money_in_by_amount, money_in_by_payer_name, invoices_by_customer_name;
