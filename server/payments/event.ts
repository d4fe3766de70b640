import { sql } from '../database/sql.ts'
import { shownId, shownShillings, shownTime } from '../events/shown.ts'

/** What an event says of a payment, in SQL, over `s`, the payment as it now is. */
export const paymentNews = sql`json_build_object(
  'payment_id', ${shownId('pay', sql`s.id`)},
  'merchant_id', ${shownId('mer', sql`s.merchant_id`)},
  'environment', s.environment,
  'version', s.version,
  'status', s.status,
  'amount', ${shownShillings(sql`s.amount_cents`)},
  'currency', s.currency,
  'commission', ${shownShillings(sql`s.commission_cents`)},
  'provider', s.provider,
  'account', ${shownId('acc', sql`s.provider_account_id`)},
  'provider_ref', s.provider_ref,
  'provider_receipt', s.provider_receipt,
  'phone', s.phone,
  'account_reference', s.sent_reference,
  'external_reference', s.external_reference,
  'invoice_id', ${shownId('inv', sql`s.invoice_id`)},
  'retry_of', ${shownId('pay', sql`s.retry_of`)},
  'failure', case when s.status = 'failed' then json_build_object(
    'code', s.failure_code, 'message', s.failure_message, 'provider_code', s.failure_provider_code) end,
  'metadata', s.metadata,
  'late', s.late,
  'paid_at', ${shownTime(sql`s.paid_at`)})`
