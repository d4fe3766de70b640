/** The hand-written statements of the floor of whole payments, with the columns that each of its rows has. */
export const create = {
  columns: ['merchant_id', 'id', 'account_id', 'cents', 'phone', 'external_reference', 'key'],
  sql: `
    with f as (select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[])
      as f (m, p, account, cents, phone, reference, key)),
    k as (insert into idempotency (merchant_id, route, key, request_hash, object_id, created_at)
      select m, 'POST /v1/payments', key, '', p, now() from f)
    insert into payments (merchant_id, id, provider_account_id, provider, environment, origin, status, amount_cents, phone,
      external_reference, sent_reference, idempotency_key, requested_at, created_at, updated_at, check_at)
    select m, p, account, 'mpesa', 'simulator', 'api', 'created', cents, phone, reference, 'L' || right(p::text, 11), key, now(), now(), now(),
      now() + interval '90 s' from f`,
}

export const acknowledge = {
  columns: ['merchant_id', 'id', 'provider_ref', 'merchant_request_id', 'raw', 'evidence_id', 'answer', 'key'],
  sql: `
    with f as (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::uuid[], $7::text[], $8::text[])
      as f (m, p, ref, request, raw, fact, answer, key)),
    s as (update payments p set status = 'pending', provider_outcome = 'accepted', provider_ref = f.ref, merchant_request_id = f.request,
      check_at = now() + interval '60 s', updated_at = now() from f where p.merchant_id = f.m and p.id = f.p and p.status = 'created'),
    k as (update idempotency i set status = 201, answer = f.answer from f
      where i.merchant_id = f.m and i.route = 'POST /v1/payments' and i.key = f.key)
    insert into evidence (merchant_id, id, subject_id, source, effect, raw, at) select m, fact, p, 'ack', 'informed', raw, now() from f`,
}

export const settle = {
  columns: ['merchant_id', 'id', 'receipt', 'cents', 'body', 'fact'],
  sql: `
    with f as (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bytea[], $6::uuid[]) as f (m, p, receipt, cents, body, id)),
    s as (update payments p set status = 'completed', version = version + 1, provider_receipt = f.receipt, received_cents = f.cents,
      completed_at = now(), paid_at = now(), check_at = null, issue_at = now(), settled_by = f.id, updated_at = now()
      from f where p.merchant_id = f.m and p.id = f.p and p.status in ('created', 'pending')
      returning p.merchant_id, p.id, p.version, p.provider_account_id, p.phone, p.sent_reference, f.receipt, f.cents, f.id as fact),
    a as (insert into money_in (merchant_id, provider, environment, receipt, id, provider_account_id, amount_cents, payment_id, named_payment_id,
        phone, reference, paid_at, created_at)
      select merchant_id, 'mpesa', 'simulator', receipt, fact, provider_account_id, cents, id, id, phone, sent_reference, now(), now() from s
      on conflict do nothing),
    e as (insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
      select merchant_id, fact, 'payment.completed', id, version, 'test', json_build_object('id', fact, 'type', 'payment.completed',
        'data', json_build_object('payment_id', 'pay_' || replace(id::text, '-', ''), 'amount', cents, 'receipt', receipt))::text, now() from s returning *),
    d as (insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, attempt_at, created_at)
      select e.merchant_id, e.id, e.id, w.id, e.subject_id, now(), now() from e join webhook_endpoints w on w.merchant_id = e.merchant_id),
    c as (insert into callbacks (merchant_id, id, kind, subject_id, received_at, path, source_address, headers, body)
      select m, id, 'payment', p, now(), '', '', '{}', body from f)
    insert into evidence (merchant_id, id, subject_id, source, verdict, effect, receipt, amount_cents, callback_id, at)
    select m, id, p, 'callback', 'success', 'completed', receipt, cents, id, now() from f`,
}

/** Takes no rows: what is due now is claimed. */
export const claimDue = `
    with due as (select merchant_id, id from deliveries where attempt_at <= now() and $1::text[] is not null order by attempt_at limit 256),
    c as (update deliveries d set attempt_at = now() + interval '60 s' from due where d.merchant_id = due.merchant_id and d.id = due.id
      and d.attempt_at <= now() returning d.*)
    select c.merchant_id, c.id, e.body, w.url, w.secret from c
    join events e on e.merchant_id = c.merchant_id and e.id = c.event_id
    join webhook_endpoints w on w.merchant_id = c.merchant_id and w.id = c.endpoint_id`

export const record = {
  columns: ['merchant_id', 'id', 'answer'],
  sql: `
    with f as (select * from unnest($1::uuid[], $2::uuid[], $3::text[]) as f (m, id, answer)),
    d as (update deliveries d set attempts = 1, status = 'succeeded', attempt_at = null, last_status = 200, delivered_at = now()
      from f where d.merchant_id = f.m and d.id = f.id)
    insert into delivery_attempts (merchant_id, delivery_id, attempt, at, status, response, duration_ms)
    select m, id, 1, now(), 200, answer, 1 from f`,
}

export const issue = `
    with ready as (select * from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[]) as r (place, id, event_id, link_key)),
    due as (select merchant_id, id, row_number() over (order by issue_at) as place
      from (select * from payments where issue_at <= now() order by issue_at limit 200) d),
    p as (update payments p set issue_at = null, receipt_id = ready.id from due join ready using (place)
      where p.merchant_id = due.merchant_id and p.id = due.id returning p.*, ready.event_id, ready.link_key, due.place),
    n as (insert into receipt_numbers as n (merchant_id, mode, year, last_number)
      select merchant_id, 'test', extract(year from now())::int, count(*) from p group by merchant_id
      on conflict (merchant_id, mode, year) do update set last_number = n.last_number + excluded.last_number returning *),
    i as (insert into receipts (merchant_id, id, payment_id, environment, mode, year, number, amount_cents, tax_cents, issuer, invoices, link_key, issued_at)
      select p.merchant_id, p.receipt_id, p.id, 'simulator', 'test', n.year, n.last_number - count(*) over () + row_number() over (order by place),
        p.received_cents, 0, '{}', '[]', p.link_key, now() from p join n using (merchant_id) returning *),
    e as (insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
      select i.merchant_id, p.event_id, 'receipt.issued', i.id, 1, 'test', json_build_object('id', p.event_id, 'type', 'receipt.issued',
        'data', json_build_object('receipt_id', i.id, 'number', i.number))::text, now() from i join p on p.receipt_id = i.id returning *),
    d as (insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, attempt_at, created_at)
      select e.merchant_id, e.id, e.id, w.id, e.subject_id, now(), now() from e join webhook_endpoints w on w.merchant_id = e.merchant_id)
    select place from p`
