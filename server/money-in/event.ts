import { sql } from '../database/sql.ts'
import { shownId, shownShillings, shownTime } from '../events/shown.ts'

/** What `c2b.received` says, in SQL, over `s`, money that has just arrived. */
export const moneyNews = sql`json_build_object(
  'money_in_id', ${shownId('min', sql`s.id`)},
  'merchant_id', ${shownId('mer', sql`s.merchant_id`)},
  'environment', s.environment,
  'version', s.version,
  'amount', ${shownShillings(sql`s.amount_cents`)},
  'currency', s.currency,
  'provider', s.provider,
  'account', ${shownId('acc', sql`s.provider_account_id`)},
  'provider_receipt', s.receipt,
  'account_reference', s.reference,
  'payer', json_build_object('name', s.payer_name, 'phone', coalesce(s.phone, s.phone_masked)),
  'paid_at', ${shownTime(sql`s.paid_at`)})`
