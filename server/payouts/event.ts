import { sql } from '../database/sql.ts'
import { shownId, shownShillings, shownTime } from '../events/shown.ts'

/** What an event says of a payout, in SQL, over `s`, the payout as it now is. */
export const payoutNews = sql`json_build_object(
  'payout_id', ${shownId('pot', sql`s.id`)},
  'merchant_id', ${shownId('mer', sql`s.merchant_id`)},
  'environment', s.environment,
  'version', s.version,
  'kind', s.kind,
  'status', s.status,
  'amount', ${shownShillings(sql`s.amount_cents`)},
  'currency', s.currency,
  'provider', s.provider,
  'account', ${shownId('acc', sql`s.provider_account_id`)},
  'provider_receipt', s.provider_receipt,
  'phone', s.phone,
  'shortcode', s.shortcode,
  'account_reference', s.account_reference,
  'external_reference', s.external_reference,
  'failure', case when s.status = 'failed' then json_build_object(
    'code', s.failure_code, 'message', s.failure_message, 'provider_code', s.failure_provider_code) end,
  'metadata', s.metadata,
  'late', s.late,
  'paid_at', ${shownTime(sql`s.paid_at`)})`
