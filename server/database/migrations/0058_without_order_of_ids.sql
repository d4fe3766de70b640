-- What the indexes whose order no list asks for stand in the place of.
drop index concurrently payments_by_id;
drop index concurrently receipts_by_id;
drop index concurrently invoices_by_id;
drop index concurrently payment_links_by_id;
