import { sql } from '../database/sql.ts'
import { shownId, shownShillings, shownTime } from '../events/shown.ts'

const percent = sql`trim_scale((s.issuer->>'vat_rate_points')::numeric / 100)::text`

const parts = sql`(select coalesce(json_agg(json_build_object(
    'invoice_id', ${shownId('inv', sql`(b->>'invoice_id')`)},
    'reference', b->>'reference',
    'amount', ${shownShillings(sql`(b->>'amount_cents')::bigint`)},
    'tax', ${shownShillings(sql`(b->>'tax_cents')::bigint`)})), '[]')
  from jsonb_array_elements(s.invoices) b)`

const lines = sql`(select coalesce(json_agg(json_build_object(
    'invoice_id', ${shownId('inv', sql`i.id`)},
    'description', l->>'description',
    'quantity', trim_scale((l->>'quantity_thousandths')::numeric / 1000)::text,
    'unit_amount', ${shownShillings(sql`(l->>'unit_cents')::bigint`)},
    'tax_rate', trim_scale((l->>'tax_rate_points')::numeric / 100)::text,
    'tax', ${shownShillings(sql`(l->>'tax_cents')::bigint`)},
    'amount', ${shownShillings(sql`(l->>'amount_cents')::bigint`)}) order by i.id, place), '[]')
  from jsonb_array_elements(s.invoices) b
  join invoices i on i.merchant_id = s.merchant_id and i.id = (b->>'invoice_id')::uuid
  cross join jsonb_array_elements(i.lines) with ordinality as ls (l, place))`

/**
 * What an event says of a receipt, in SQL, over `s`, the receipt as it was issued, and `p`, its payment: all that a tax system asks
 * for, so that one can hang on it.
 */
export const receiptNews = sql`json_build_object(
  'receipt_id', ${shownId('rct', sql`s.id`)},
  'payment_id', ${shownId('pay', sql`s.payment_id`)},
  'merchant_id', ${shownId('mer', sql`s.merchant_id`)},
  'environment', s.environment,
  'version', s.version,
  'status', 'issued',
  'number', s.year || '-' || lpad(s.number::text, greatest(6, length(s.number::text)), '0'),
  'amount', ${shownShillings(sql`s.amount_cents`)},
  'tax', ${shownShillings(sql`s.tax_cents`)},
  'currency', p.currency,
  'provider', p.provider,
  'account', ${shownId('acc', sql`p.provider_account_id`)},
  'provider_receipt', p.provider_receipt,
  'account_reference', p.sent_reference,
  'external_reference', p.external_reference,
  'description', p.description,
  'payer', json_build_object('name', p.payer_name, 'email', p.payer_email, 'phone', p.phone),
  'issuer', json_build_object('name', s.issuer->>'name', 'tax_pin', s.issuer->>'tax_pin', 'vat_rate', ${percent},
    'address', s.issuer->>'address', 'email', s.issuer->>'email'),
  'invoices', ${parts},
  'lines', ${lines},
  'metadata', p.metadata,
  'paid_at', ${shownTime(sql`coalesce(p.paid_at, p.completed_at)`)},
  'issued_at', ${shownTime(sql`s.issued_at`)})`
