import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { amountSchema, textSchema } from '../../api/schema.ts'
import { sinceSchema, untilSchema } from '../../api/time.ts'
import { showId } from '../../id.ts'
import { listReceipts } from '../../receipts/find.ts'
import { receiptUrl } from '../../receipts/link.ts'
import { receiptNumber, whatFor } from '../../receipts/receipt.ts'
import type { FoundReceipt } from '../../receipts/receipt.ts'
import type { Config } from '../../config.ts'
import { toShillings } from '../../money.ts'
import { csvLink, csvTime } from '../csv.ts'
import type { CsvColumn } from '../csv.ts'
import type { DeskContext } from '../desk-context.ts'
import { downloadFor, isBare, listedFor } from '../listed.ts'
import { isFollowing, livePart, tellPart } from '../live.ts'
import { entry, show } from '../show-page.ts'
import type { SignedIn, SignedInEnvironment } from '../signed-in.ts'
import { phoneFor } from '../words.ts'
import { receiptFilters, receiptRows } from './list-page.ts'

const place = '/receipt-book'
const filterParams = {
  status: z.enum(['issued', 'reversed', 'replaced']).optional(),
  search: textSchema(100).optional(),
  min_amount: amountSchema.optional(),
  max_amount: amountSchema.optional(),
  since: sinceSchema.optional(),
  until: untilSchema.optional(),
}

/** The receipts that were issued, `/receipt-book`. The page of each is the payer's own, at `/receipts`. */
export function receiptBookPages() {
  return new Hono<SignedInEnvironment>()
    .use(place, entry('totals:read'))
    .get(place, look)
    .get(`${place}.csv`, entry('totals:read'), download)
}

async function look(c: DeskContext): Promise<Response> {
  if (isFollowing(c)) return tellPart(c, async () => receiptRows(await listedFor(c, receipts)))
  const list = await listedFor(c, receipts)
  return show(c, {
    place,
    title: 'Receipts',
    head: {
      title: 'Receipts',
      lead: 'One for each payment that was paid, numbered without gaps.',
      ...(!isBare(list) && { actions: csvLink(place, list.typed) }),
    },
    body: html`${isBare(list) ? '' : html`<section>${receiptFilters(list)}</section>`}
    ${await livePart(c, 'receipts', receiptRows(list))}`,
  })
}

const receipts = { params: filterParams, prefix: 'rct', list: listReceipts } as const

function download(c: DeskContext): Response {
  const { context, signedIn } = c.var
  return downloadFor(c, receipts, { name: 'receipts', columns: receiptExport(signedIn, context.config) })
}

const statusNames = { issued: 'Issued', reversed: 'Went back', replaced: 'Replaced' } as const

const receiptExport = (signedIn: SignedIn, config: Config): CsvColumn<FoundReceipt>[] => [
  ['Number', receiptNumber],
  ['Issued (Nairobi)', ({ issued_at }) => csvTime(issued_at)],
  ['Paid (Nairobi)', ({ paid_at }) => csvTime(paid_at)],
  ['Status', ({ status }) => statusNames[status]],
  ['M-Pesa code', ({ provider_receipt }) => provider_receipt ?? ''],
  ['Gross (KSh)', ({ amount_cents }) => toShillings(amount_cents)],
  ['VAT (KSh)', ({ tax_cents }) => toShillings(tax_cents)],
  ['Refund (KSh)', ({ refunded_cents }) => toShillings(refunded_cents)],
  ['Net (KSh)', ({ amount_cents, refunded_cents }) => toShillings(amount_cents - refunded_cents)],
  ['For', whatFor],
  ['Payer', ({ payer_name }) => payer_name ?? ''],
  ['Phone', ({ phone, payer_phone_masked }) => phoneFor(signedIn, phone, payer_phone_masked)],
  ['Payment', ({ payment_id }) => showId('pay', payment_id)],
  ['Page', (receipt) => receiptUrl(config, receipt)],
]
