-- Payers are found by any word of their names, and money by its sender's phone.
create index payments_by_payer_name on payments using gin (to_tsvector('simple', payer_name)) where payer_name is not null;
create index money_in_by_payer_name on money_in using gin (to_tsvector('simple', payer_name)) where payer_name is not null;
create index money_in_by_phone on money_in (merchant_id, phone, id) where phone is not null;

-- To read payouts and reconciliation is a scope of its own now: keys that could, still can.
update api_keys set scopes = scopes || array['payouts:read', 'reconciliation:read'] where 'payments:read' = any (scopes) and revoked_at is null;
