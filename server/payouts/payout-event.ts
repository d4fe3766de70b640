import { sql } from '../database/sql.ts'

/** The body of a payout's event as SQL, over `s`, the payout as it now is, and `f`, the evidence that changed it. */
export const payoutEventBody = sql`json_build_object(
  'id', 'evt_' || replace(f.event_id::text, '-', ''),
  'type', 'payout.' || s.status,
  'created_at', to_char(f.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'data', json_build_object(
    'payout_id', 'pot_' || replace(s.id::text, '-', ''),
    'merchant_id', 'mer_' || replace(s.merchant_id::text, '-', ''),
    'environment', s.environment,
    'version', s.version,
    'kind', s.kind,
    'status', s.status,
    'amount', (s.amount_cents / 100.0)::numeric(14, 2)::text,
    'currency', s.currency,
    'provider', s.provider,
    'provider_receipt', s.provider_receipt,
    'phone', s.phone,
    'shortcode', s.shortcode,
    'account_reference', s.account_reference,
    'external_reference', s.external_reference,
    'failure', case when s.status = 'failed' then json_build_object(
      'code', s.failure_code, 'message', s.failure_message, 'provider_code', s.failure_provider_code) end,
    'metadata', s.metadata,
    'late', s.late,
    'paid_at', to_char(s.paid_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  ))::text`
