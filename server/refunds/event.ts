import { sql } from '../database/sql.ts'
import { shownId, shownShillings } from '../events/shown.ts'

/** What an event says of a refund, in SQL, over `s`, the refund as it now is. */
export const refundNews = sql`json_build_object(
  'refund_id', ${shownId('ref', sql`s.id`)},
  'payment_id', ${shownId('pay', sql`s.payment_id`)},
  'merchant_id', ${shownId('mer', sql`s.merchant_id`)},
  'environment', s.environment,
  'version', s.version,
  'status', s.status,
  'amount', ${shownShillings(sql`s.amount_cents`)},
  'currency', s.currency,
  'provider', s.provider,
  'account', ${shownId('acc', sql`s.provider_account_id`)},
  'provider_receipt', s.provider_receipt,
  'payment_receipt', s.payment_receipt,
  'origin', s.origin,
  'reason', s.reason,
  'failure', case when s.status = 'failed' then json_build_object(
    'code', s.failure_code, 'message', s.failure_message, 'provider_code', s.failure_provider_code) end,
  'late', s.late)`
