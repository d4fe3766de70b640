import { raw, sql } from '../../server/database/sql.ts'
import type { Sql } from '../../server/database/sql.ts'
import { deliveryId } from '../../server/events/deliveries.ts'
import { paymentNews } from '../../server/payments/event.ts'
import { receiptNews } from '../../server/receipts/event.ts'

/** What is told to us of each payment, and what we tell of it: callbacks, evidence, events, deliveries. */
export const told = [
  raw(`
    insert into callbacks (merchant_id, id, received_at, kind, subject_id, path, source_address, headers, body)
    select merchant_id, callback_id, done_at, case when is_asked then 'payment' else 'c2b_confirmation' end, case when is_asked then id else account_id end,
      '/v1/in/' || repeat(md5(n::text), 3), '196.201.214.200',
      '{"host": "pay.shop.example", "content-type": "application/json", "user-agent": "Apache-HttpClient/4.5.13", "connection": "close"}',
      convert_to(json_build_object('Body', json_build_object('stkCallback', json_build_object('MerchantRequestID', merchant_request_id,
        'CheckoutRequestID', 'ws_CO_' || n, 'ResultCode', case when is_paid then 0 else 1032 end, 'ResultDesc', 'The service request is processed successfully.',
        'CallbackMetadata', json_build_object('Item', json_build_array(json_build_object('Name', 'Amount', 'Value', amount_cents / 100),
          json_build_object('Name', 'MpesaReceiptNumber', 'Value', receipt), json_build_object('Name', 'TransactionDate', 'Value', 20261120143208),
          json_build_object('Name', 'PhoneNumber', 'Value', phone))))))::text, 'UTF8')
    from f where became <> 'waited for'`),
  raw(`
    insert into evidence (merchant_id, id, subject, subject_id, source, effect, message, at)
    select merchant_id, fill_id(created_at, 'ack' || n), 'payment', id, 'ack', 'informed', 'Success. Request accepted for processing', created_at
    from f where is_asked`),
  raw(`
    insert into evidence (merchant_id, id, subject, subject_id, source, verdict, effect, provider_code, message, receipt, amount_cents, callback_id, at)
    select merchant_id, fill_id(done_at, 'evidence' || n), 'payment', id, 'callback', case when is_paid then 'success' else 'failure' end,
      case when is_paid then 'completed' else 'failed' end, case when is_paid then '0' else '1032' end,
      'The service request is processed successfully.', case when is_paid then receipt end, amount_cents, callback_id, done_at
    from f where became <> 'waited for'`),
  events({
    type: sql`'payment.' || case when f.is_paid then 'completed' else s.status end`,
    from: sql`payments s on s.merchant_id = f.merchant_id and s.id = f.id`,
    where: sql`f.became <> 'waited for'`,
    data: paymentNews,
  }),
  events({
    type: sql`'payment.reversed'`,
    version: 2,
    from: sql`payments s on s.merchant_id = f.merchant_id and s.id = f.id`,
    where: sql`f.became = 'reversed'`,
    data: paymentNews,
  }),
  events({
    type: sql`'receipt.issued'`,
    from: sql`(select *, 1 as version from receipts) s on s.merchant_id = f.merchant_id and s.id = f.receipt_id
      join payments p on p.merchant_id = f.merchant_id and p.id = f.id`,
    data: receiptNews,
  }),
  events({
    type: sql`'refund.completed'`,
    from: sql`refunds s on s.merchant_id = f.merchant_id and s.payment_id = f.id`,
    data: sql`json_build_object('refund_id', s.id, 'status', s.status)`,
  }),
  events({
    type: sql`'invoice.paid'`,
    from: sql`invoices s on s.merchant_id = f.merchant_id and s.id = f.invoice_id`,
    data: sql`json_build_object('invoice_id', s.id, 'status', s.status)`,
  }),
  sql`
    insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, status, attempts, last_status, delivered_at, created_at)
    select t.merchant_id, ${deliveryId}, t.id, w.id, t.subject_id, case when fill_draw(f.n, 'lost', 1000) = 0 then 'failed' else 'succeeded' end, 1,
      case when fill_draw(f.n, 'lost', 1000) = 0 then 500 else 200 end, t.created_at, t.created_at
    from f join events t on t.merchant_id = f.merchant_id and t.subject_id = f.id cross join lateral (select f.endpoint_id as id) w`,
  sql`
    insert into delivery_attempts (merchant_id, delivery_id, attempt, at, status, response, duration_ms)
    select t.merchant_id, ${deliveryId}, 1, t.created_at, 200, 'ok', 12
    from f join events t on t.merchant_id = f.merchant_id and t.subject_id = f.id cross join lateral (select f.endpoint_id as id) w`,
]

/** The insert of an event of each row: `s`, what it happened to, of the payment `f`. */
function events({ type, version = 1, from, where = sql`true`, data }: News): Sql {
  return sql`
    insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
    select f.merchant_id, e.id, ${type}, s.id, ${raw(String(version))}, 'test',
      json_build_object('id', 'evt_' || replace(e.id::text, '-', ''), 'type', ${type}, 'data', ${data})::text, f.done_at
    from f join ${from} cross join lateral (select fill_id(f.done_at, ${type} || f.n) as id) e where ${where}`
}

type News = { type: Sql; version?: number; from: Sql; where?: Sql; data: Sql }
