import { sql } from '../database/sql.ts'

/** The body of `c2b.received` as SQL, over `m`, money that has just arrived, and `a`, what told of it. */
export const moneyEventBody = sql`json_build_object(
  'id', 'evt_' || replace(a.event_id::text, '-', ''),
  'type', 'c2b.received',
  'created_at', to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'data', json_build_object(
    'money_in_id', 'min_' || replace(m.id::text, '-', ''),
    'merchant_id', 'mer_' || replace(m.merchant_id::text, '-', ''),
    'environment', m.environment,
    'version', 1,
    'amount', (m.amount_cents / 100.0)::numeric(14, 2)::text,
    'currency', m.currency,
    'provider', m.provider,
    'provider_receipt', m.receipt,
    'account_reference', m.reference,
    'payer', json_build_object('name', m.payer_name, 'phone', coalesce(m.phone, m.phone_masked)),
    'paid_at', to_char(m.paid_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  ))::text`
