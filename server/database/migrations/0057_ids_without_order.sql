-- Who has an id alone, from a link, finds its row by these. Their order, nulls first, is none that a list asks for: a list of the
-- newest would else go along the ids of all merchants, and past everything newer of the others where its own merchant has nothing new.
create index concurrently payments_by_id_alone on payments (id nulls first);
create index concurrently receipts_by_id_alone on receipts (id nulls first);
create index concurrently invoices_by_id_alone on invoices (id nulls first);
create index concurrently payment_links_by_id_alone on payment_links (id nulls first);
