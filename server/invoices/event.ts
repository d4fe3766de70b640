import { sql } from '../database/sql.ts'
import { shownId, shownShillings, shownTime } from '../events/shown.ts'

/** What an event says of an invoice, in SQL, over `s`, the invoice as it now is. */
export const invoiceNews = sql`json_build_object(
  'invoice_id', ${shownId('inv', sql`s.id`)},
  'merchant_id', ${shownId('mer', sql`s.merchant_id`)},
  'environment', s.environment,
  'version', s.version,
  'status', s.status,
  'reference', s.reference,
  'amount', ${shownShillings(sql`s.total_cents`)},
  'currency', s.currency,
  'amount_paid', ${shownShillings(sql`s.paid_cents`)},
  'amount_paid_outside', ${shownShillings(sql`s.outside_cents`)},
  'amount_due', ${shownShillings(sql`greatest(0, s.total_cents - s.paid_cents)`)},
  'amount_over', ${shownShillings(sql`greatest(0, s.paid_cents - s.total_cents)`)},
  'provider', s.provider,
  'account', ${shownId('acc', sql`s.provider_account_id`)},
  'customer', json_build_object('name', s.customer_name, 'email', s.customer_email, 'phone', s.customer_phone),
  'due_date', s.due_on,
  'metadata', s.metadata,
  'paid_at', ${shownTime(sql`s.paid_at`)})`
