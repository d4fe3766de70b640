import { sql } from '../server/database/sql.ts'
import type { Database } from '../server/database/sql.ts'
import { newId } from '../server/id.ts'
import { newPaymentId } from '../server/payments/of-invoice.ts'
import { makeToken } from '../server/token.ts'
import type { Prepared } from './load.ts'

export const secretKey = '07'.repeat(32)

/** Fills a database with pending payments of a new merchant that has one webhook endpoint, and makes the callback of each. */
export async function prepare(
  database: Database,
  count: number,
): Promise<{ merchant_id: string; requests: Prepared[] }> {
  const now = new Date()
  const merchant_id = newId(now)
  const account_id = newId(now)
  await database.query(
    sql`insert into merchants (id, name, created_at) values (${merchant_id}, ${`bench ${merchant_id}`}, ${now})`,
  )
  await database.query(sql`
    insert into provider_accounts (id, merchant_id, provider, environment, shortcode, name, is_default, type, credentials, created_at, updated_at)
    values (${account_id}, ${merchant_id}, 'mpesa', 'simulator', '174379', '174379', true, 'paybill', '', ${now}, ${now})`)
  await database.query(sql`
    insert into webhook_endpoints (merchant_id, id, mode, url, secret, created_at, updated_at)
    values (${merchant_id}, ${newId(now)}, 'test', 'https://shop.example/hook', '', ${now}, ${now})`)
  // Of no invoice, as their ids say.
  const ids = Array.from({ length: count }, () => newPaymentId(now, { hasInvoice: false }))
  const refs = ids.map((_, index) => `ws_CO_2011202614315${String(index).padStart(9, '0')}`)
  await database.query(sql`
    insert into payments (merchant_id, id, provider_account_id, provider, environment, origin, status, amount_cents, phone, sent_reference,
      provider_outcome, provider_ref, requested_at, created_at, updated_at, check_at)
    select ${merchant_id}, id, ${account_id}, 'mpesa', 'simulator', 'api', 'pending', 10000, '254712345678', 'BENCH', 'accepted', ref,
      ${now}, ${now}, ${now}, ${now}::timestamptz + interval '1 hour'
    from unnest(${ids}::uuid[], ${refs}::text[]) as p (id, ref)`)
  const keys = { current: Buffer.from(secretKey, 'hex'), previous: [] }
  const requests = ids.map((id, index) => ({
    path: `/v1/in/${makeToken(keys, { provider: 'mpesa', merchant_id, kind: 'payment', subject_id: id })}`,
    body: callbackBody(refs[index]!, `UKK${index.toString(36).toUpperCase().padStart(7, '0')}`),
  }))
  return { merchant_id, requests: shuffle(requests) }
}

/** The body of a callback of success, as Safaricom posts it. */
export function callbackBody(checkoutRequestId: string, receipt: string): string {
  const Item = [
    { Name: 'Amount', Value: 100 },
    { Name: 'MpesaReceiptNumber', Value: receipt },
    { Name: 'Balance' },
    { Name: 'TransactionDate', Value: 20261120143208 },
    { Name: 'PhoneNumber', Value: 254712345678 },
  ]
  const ResultDesc = 'The service request is processed successfully.'
  const MerchantRequestID = '29115-34620561-1'
  return JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID,
        CheckoutRequestID: checkoutRequestId,
        ResultCode: 0,
        ResultDesc,
        CallbackMetadata: { Item },
      },
    },
  })
}

// Callbacks do not come in the order of their payments.
function shuffle<Item>(items: Item[]): Item[] {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1))
    ;[items[index], items[other]] = [items[other]!, items[index]!]
  }
  return items
}
