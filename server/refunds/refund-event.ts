import { sql } from '../database/sql.ts'

/** The body of a refund's event as SQL, over `s`, the refund as it now is, and `f`, the evidence that changed it. */
export const refundEventBody = sql`json_build_object(
  'id', 'evt_' || replace(f.event_id::text, '-', ''),
  'type', 'refund.' || s.status,
  'created_at', to_char(f.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'data', json_build_object(
    'refund_id', 'ref_' || replace(s.id::text, '-', ''),
    'payment_id', 'pay_' || replace(s.payment_id::text, '-', ''),
    'merchant_id', 'mer_' || replace(s.merchant_id::text, '-', ''),
    'environment', s.environment,
    'version', s.version,
    'status', s.status,
    'amount', (s.amount_cents / 100.0)::numeric(14, 2)::text,
    'currency', s.currency,
    'provider', s.provider,
    'provider_receipt', s.provider_receipt,
    'payment_receipt', s.payment_receipt,
    'origin', s.origin,
    'reason', s.reason,
    'failure', case when s.status = 'failed' then json_build_object(
      'code', s.failure_code, 'message', s.failure_message, 'provider_code', s.failure_provider_code) end,
    'late', s.late
  ))::text`
