import { raw, sql } from '../../server/database/sql.ts'
import type { Sql } from '../../server/database/sql.ts'
import { deliveryId } from '../../server/events/deliveries.ts'

/** What is told to us of each payment, and what we tell of it: callbacks, evidence, events, deliveries. */
export const told = [
  raw(`
    insert into callbacks (merchant_id, id, received_at, kind, subject_id, path, source_address, headers, body)
    select merchant_id, callback_id, done_at, case when is_asked then 'payment' else 'c2b_confirmation' end, case when is_asked then id else account_id end,
      '/v1/in/' || repeat(md5(n::text), 3), '196.201.214.200',
      '{"host": "pay.shop.example", "content-type": "application/json", "user-agent": "Apache-HttpClient/4.5.13", "connection": "close"}',
      convert_to('{"Body":{"stkCallback":{"MerchantRequestID":"' || merchant_request_id || '","CheckoutRequestID":"ws_CO_' || n
        || '","ResultCode":' || case when is_paid then '0' else '1032' end || ',"ResultDesc":"The service request is processed successfully.",'
        || '"CallbackMetadata":{"Item":[{"Name":"Amount","Value":' || amount_cents / 100 || '},{"Name":"MpesaReceiptNumber","Value":"' || receipt
        || '"},{"Name":"TransactionDate","Value":20261120143208},{"Name":"PhoneNumber","Value":' || phone || '}]}}}}', 'UTF8')
    from f where became <> 'waited for'`),
  raw(`
    insert into evidence (merchant_id, id, subject, subject_id, source, effect, message, at)
    select merchant_id, fill_id(created_at, n, 'ack'), 'payment', id, 'ack', 'informed', 'Success. Request accepted for processing', created_at
    from f where is_asked`),
  raw(`
    insert into evidence (merchant_id, id, subject, subject_id, source, verdict, effect, provider_code, message, receipt, amount_cents, callback_id, at)
    select merchant_id, evidence_id, 'payment', id, 'callback', case when is_paid then 'success' else 'failure' end,
      case when is_paid then 'completed' else 'failed' end, case when is_paid then '0' else '1032' end,
      'The service request is processed successfully.', case when is_paid then receipt end, amount_cents, callback_id, done_at
    from f where became <> 'waited for'`),
  events({
    id: 'event_id',
    type: `'payment.' || case when is_paid then 'completed' else 'failed' end`,
    subject: 'id',
    where: `became <> 'waited for'`,
    said: 300,
  }),
  events({
    id: 'reversed_event_id',
    type: `'payment.reversed'`,
    subject: 'id',
    version: 2,
    where: `became = 'reversed'`,
    said: 300,
  }),
  events({
    id: `fill_id(done_at, n, 'receipt.issued')`,
    type: `'receipt.issued'`,
    subject: 'receipt_id',
    where: 'is_paid',
    said: 600,
  }),
  events({
    id: `fill_id(done_at, n, 'refund.completed')`,
    type: `'refund.completed'`,
    subject: 'refund_id',
    where: 'refund_id is not null',
    said: 100,
  }),
  events({
    id: `fill_id(done_at, n, 'invoice.paid')`,
    type: `'invoice.paid'`,
    subject: 'invoice_id',
    where: 'invoice_id is not null',
    said: 100,
  }),
  sql`
    insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, status, attempts, last_status, delivered_at, created_at)
    select f.merchant_id, ${deliveryId}, t.id, w.id, f.id, case when f.is_lost then 'failed' else 'succeeded' end, 1,
      case when f.is_lost then 500 else 200 end, f.done_at, f.done_at
    from ${sentOut()}`,
  sql`
    insert into delivery_attempts (merchant_id, delivery_id, attempt, at, status, response, duration_ms)
    select f.merchant_id, ${deliveryId}, 1, f.done_at, 200, 'ok', 12 from ${sentOut()}`,
]

/** The events of which the endpoints are told: those of payments. */
function sentOut(): Sql {
  return raw(`f cross join lateral (select endpoint_id as id) w
    cross join lateral (values (case when became <> 'waited for' then event_id end), (reversed_event_id)) t (id) where t.id is not null`)
}

/** The insert of an event of each row of `f`. Its body is as long as those of its type are, and names what it is of. */
function events({ id, type, subject, version = 1, where, said }: News): Sql {
  return raw(`
    insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
    select merchant_id, ${id}, ${type}, ${subject}, ${version}, 'test',
      '{"id":"evt_","type":"' || ${type} || '","data":{"subject":"' || ${subject} || '","receipt":"' || receipt || '","phone":"' || phone
        || '","account_reference":"' || reference || '","said":"${'.'.repeat(said)}"}}', done_at
    from f where ${where}`)
}

type News = { id: string; type: string; subject: string; version?: number; where: string; said: number }
