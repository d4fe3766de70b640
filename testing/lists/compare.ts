import assert from 'node:assert/strict'
import fc from 'fast-check'
import { later } from '../../server/clock.ts'
import type { Context } from '../../server/context.ts'
import { sql } from '../../server/database/sql.ts'
import { listEvents } from '../../server/events/event.ts'
import { showId } from '../../server/id.ts'
import { listInvoices } from '../../server/invoices/find.ts'
import { listMoney } from '../../server/money-in/find.ts'
import { listPayments } from '../../server/payments/find.ts'
import { listPayouts } from '../../server/payouts/find.ts'
import { listRefunds } from '../../server/refunds/find.ts'
import type { Story } from '../story.ts'
import { expected } from './model.ts'
import type { Asked } from './model.ts'
import { apartMs, makeRows } from './rows.ts'
import type { Row, Rows, Table } from './rows.ts'

type List = (context: Context, listing: any) => Promise<{ rows: { id: string }[]; hasMore: boolean }>

const lists: Record<Table, List> = {
  payments: listPayments,
  money_in: listMoney,
  refunds: listRefunds,
  payouts: listPayouts,
  invoices: listInvoices,
  events: listEvents,
}

/**
 * Fills every list with so many drawn rows, beside those of another merchant, and asks for so many pages by filters, searches, cursors
 * and limits of all kinds: the rows and their order must be those of a model that looks at each row in memory.
 */
export async function compareLists(
  { context, merchant }: Story,
  { seed, rows: count, questions }: { seed: number; rows: number; questions: number },
): Promise<void> {
  const merchant_id = merchant.id
  const { id: account_id } = await context.database.one<{ id: string }>(
    sql`select id from provider_accounts where merchant_id = ${merchant_id}`,
  )
  const rows = await makeRows(context, { merchant_id, account_id, seed, count })
  await fc.assert(
    fc.asyncProperty(question(rows, context.clock.now()), async ({ table, ...asked }) => {
      const page = await lists[table](context, { merchant_id, ...asked })
      const found = { ids: page.rows.map(({ id }) => id), hasMore: page.hasMore }
      assert.deepEqual(found, expected(rows, { table, ...asked }, context.clock.now()))
    }),
    { seed, numRuns: questions, examples: hard.map((asked) => [asked]) },
  )
}

/** What is found in two ways at once, of which each has more than is looked up at once. */
const hard = [{}, { status: 'failed' }].map((narrowed): Asked => ({
  table: 'payments',
  mode: 'test',
  limit: 100,
  filter: { search: 'old', ...narrowed },
}))

const searched = {
  payments: ['provider_receipt', 'phone', 'sent_reference', 'external_reference', 'payer_name'],
  money_in: ['receipt', 'phone', 'reference', 'payer_name'],
  payouts: ['provider_receipt', 'phone', 'shortcode', 'account_reference', 'external_reference'],
  invoices: ['reference', 'customer_phone', 'customer_name'],
} as const

/** What people type that stands in no row, and what means something to a database. */
const odd = [
  '%',
  '_',
  "q' | & ! (",
  '\\',
  '+',
  '0',
  '254',
  '07',
  'amina zzz',
  'ami ote',
  'wan',
  'ZZZZ',
  '777',
  'KES 500',
  '0712 345 678',
  'Ä',
  'o',
  'OLD',
  'old',
  'TF',
  'İ',
]

/** Things to be narrowed to, of which a few are asked for at once. */
const narrowed: Record<Table, Record<string, readonly unknown[]>> = {
  payments: {
    status: ['pending', 'completed', 'failed', 'reversed'],
    phone: ['254712345678', '254199999999'],
    account_reference: ['rent-12', 'INV5', 'nothing'],
    external_reference: ['order-1999', 'old-7'],
    needs_attention: [true, false],
    provider: ['mpesa', 'pesaflow'],
    environment: ['simulator', 'live'],
  },
  money_in: {
    unmatched: [true, false],
    kind: ['c2b', 'stk'],
    phone: ['254712345678'],
    account_reference: ['RENT-1', 'hats'],
  },
  refunds: { status: ['pending', 'completed', 'failed'], needs_attention: [true, false] },
  payouts: {
    status: ['awaiting_approval', 'pending', 'completed', 'failed', 'returned'],
    kind: ['b2c', 'b2b'],
    phone: ['254712345678'],
    external_reference: ['pay-9'],
    needs_attention: [true, false],
  },
  invoices: {
    status: ['open', 'part_paid', 'paid', 'void'],
    overdue: [true, false],
    reference: ['inv 1999', 'OLD-7'],
    customer_phone: ['254712345678'],
  },
  events: { type: ['payment.completed', 'payment.none'] },
}
const hasAmount: Table[] = ['payments', 'money_in', 'invoices']

function question(rows: Rows, now: Date): fc.Arbitrary<Asked> {
  return fc
    .constantFrom<Table[]>(
      'payments',
      'payments',
      'payments',
      'money_in',
      'money_in',
      'invoices',
      'payouts',
      'refunds',
      'events',
    )
    .chain((table) =>
      fc.record(
        {
          table: fc.constant(table),
          mode: fc.constantFrom('test', 'live'),
          limit: fc.constantFrom(1, 5, 20, 100),
          filter: filterOf(table, rows[table], now),
          before: fc.constantFrom(...rows[table].map(({ id }) => id)),
        },
        { requiredKeys: ['table', 'mode', 'limit', 'filter'] },
      ),
    ) as fc.Arbitrary<Asked>
}

function filterOf(table: Table, rows: Row[], now: Date): fc.Arbitrary<Record<string, unknown>> {
  const sometimes = <Value>(arbitrary: fc.Arbitrary<Value>, freq: number) =>
    fc.option(arbitrary, { nil: undefined, freq })
  const all: Record<string, fc.Arbitrary<unknown>> = {}
  for (const [name, values] of Object.entries(narrowed[table])) all[name] = rarely(fc.constantFrom(...values))
  if (hasAmount.includes(table))
    for (const name of ['min_amount', 'max_amount']) all[name] = rarely(fc.constantFrom(1, 50_000, 77_700, 9_999_900))
  for (const name of ['since', 'until'])
    all[name] = rarely(fc.integer({ min: 0, max: rows.length }).map((back) => later(now, -back * apartMs)))
  if (table in searched) all['search'] = sometimes(textOf(table as keyof typeof searched, rows), 3)
  return fc.record(all)
}

/** In one of some ten questions, so that most are narrowed by little. */
function rarely<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.integer({ min: 0, max: 11 }).chain((n) => (n === 0 ? arbitrary : fc.constant(undefined)))
}

/** What somebody types: the beginning of something that there is, in capitals or not, an id, or what is odd. */
function textOf(table: keyof typeof searched, rows: Row[]): fc.Arbitrary<string> {
  const beginning = fc
    .tuple(fc.constantFrom(...rows), fc.constantFrom(...searched[table]), fc.integer({ min: 1, max: 14 }), fc.boolean())
    .map(([row, column, length, isLow]) => {
      const text = String(row[column] ?? 'none').slice(0, length)
      return (isLow ? text.toLowerCase() : text).trim()
    })
  const ids = table === 'payments' ? [fc.constantFrom(...rows).map(({ id }) => showId('pay', id))] : []
  return fc.oneof({ arbitrary: beginning, weight: 6 }, { arbitrary: fc.constantFrom(...odd), weight: 3 }, ...ids)
}
