import { sql } from '../database/sql.ts'

/**
 * The body of a payment's event as SQL, over `s`, the payment as it now is, and `f`, the evidence that changed it.
 * It is made where the change is made, stored once, and sent byte for byte.
 */
export const paymentEventBody = sql`json_build_object(
  'id', 'evt_' || replace(f.event_id::text, '-', ''),
  'type', 'payment.' || s.status,
  'created_at', to_char(f.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'data', json_build_object(
    'payment_id', 'pay_' || replace(s.id::text, '-', ''),
    'merchant_id', 'mer_' || replace(s.merchant_id::text, '-', ''),
    'environment', s.environment,
    'version', s.version,
    'status', s.status,
    'amount', (s.amount_cents / 100.0)::numeric(14, 2)::text,
    'currency', s.currency,
    'provider', s.provider,
    'provider_ref', s.provider_ref,
    'provider_receipt', s.provider_receipt,
    'phone', s.phone,
    'account_reference', s.sent_reference,
    'external_reference', s.external_reference,
    'retry_of', 'pay_' || replace(s.retry_of::text, '-', ''),
    'failure', case when s.status = 'failed' then json_build_object(
      'code', s.failure_code, 'message', s.failure_message, 'provider_code', s.failure_provider_code) end,
    'metadata', s.metadata,
    'late', s.late,
    'paid_at', to_char(s.paid_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  ))::text`
