import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { Context } from '../../server/context.ts'
import { later } from '../../server/clock.ts'
import { raw, sql } from '../../server/database/sql.ts'
import type { Transaction } from '../../server/database/sql.ts'
import { newId } from '../../server/id.ts'
import { unchecked } from '../unchecked.ts'

/** A row as it is written, and as the model sees it. */
export type Row = { id: string } & Record<string, any>
export type Rows = Record<Table, Row[]>
export type Table = 'payments' | 'money_in' | 'refunds' | 'payouts' | 'invoices' | 'events'

const names = ['Amina Otieno', 'AMINA wanjiru', 'Halima Wekesa', 'Otieno Amina', "Wafula O'Brien", 'Jos Ng', null, null]
const phones = ['254712345678', '254712345679', '254799000120', '254110000001', null]
// Most are not for a test key: it must look further for its page.
const environments = ['live', 'live', 'live', 'live', 'live', 'live', 'live', 'simulator']
/** So far apart are two rows: two thousand lie in some twenty slices. */
export const apartMs = 45 * 60_000

/** What each noun draws for a row, beside its place in time. */
const drawn = fc.record({
  name: fc.constantFrom(...names),
  phone: fc.constantFrom(...phones),
  environment: fc.constantFrom(...environments),
  status: fc.constantFrom('completed', 'completed', 'completed', 'pending', 'created', 'failed', 'reversed'),
  amount_cents: fc.constantFrom(100, 50_000, 50_000, 77_700, 250_000),
  reference: fc.constantFrom('RENT-1', 'rent 12', 'INV-5', 'INV', 'hats', 'Ä-1', '9'),
  tail: fc.integer({ min: 0, max: 40 }),
  flagged: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  odd: fc.integer({ min: 0, max: 19 }),
})
type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never

/** Draws so many rows of each list for a merchant, and writes them. What is old begins as nothing new does, so that it lies together. */
export async function makeRows(
  context: Context,
  { merchant_id, account_id, seed, count }: { merchant_id: string; account_id: string; seed: number; count: number },
): Promise<Rows> {
  const begun = later(context.clock.now(), -count * apartMs)
  const all = fc.sample(drawn, { seed, numRuns: count }).map((draw, n) => {
    const at = later(begun, n * apartMs)
    const own = { merchant_id, provider_account_id: account_id, provider: 'mpesa', environment: draw.environment }
    const made = { created_at: at.toISOString(), updated_at: at.toISOString() }
    return { draw, n, at, base: { ...own, ...made }, isOld: n < count / 2 }
  })
  const payments = all.map(paymentOf)
  const rows: Rows = {
    payments,
    money_in: all.map((one, n) => moneyOf(one, payments[n]!)),
    refunds: all.filter(({ n }) => n % 5 === 0).map((one) => refundOf(one, payments[one.n]!)),
    payouts: all.filter(({ n }) => n % 3 === 0).map(payoutOf),
    invoices: all.map(invoiceOf),
    events: all.map(({ draw, at, n }) => ({
      merchant_id,
      id: newId(at),
      type: `payment.${draw.status}`,
      subject_id: payments[n]!.id,
      version: 1,
      mode: draw.environment === 'live' ? 'live' : 'test',
      body: '{}',
      created_at: at.toISOString(),
    })),
  }
  await context.database.transaction(async (transaction) => {
    await transaction.query(unchecked)
    for (const [table, written] of Object.entries(rows)) await write(transaction, table, written)
  })
  await context.database.query(raw('analyze payments, money_in, refunds, payouts, invoices, events'))
  return rows
}

async function write(transaction: Transaction, table: string, rows: Row[]): Promise<void> {
  const columns = raw([...new Set(rows.flatMap((row) => Object.keys(row)))].join(', '))
  await transaction.query(sql`
    insert into ${raw(table)} (${columns}) select ${columns} from jsonb_populate_recordset(null::${raw(table)}, ${JSON.stringify(rows)}::jsonb)`)
}

type One = { draw: Drawn; n: number; at: Date; base: Record<string, unknown>; isOld: boolean }

const receiptOf = ({ n, isOld }: One, letter: string) =>
  `${letter}${isOld ? 'F' : 'K'}${n.toString(36).toUpperCase().padStart(6, '0')}`
const referenceOf = ({ draw, n, isOld }: One) =>
  isOld && draw.odd > 3 ? `OLD-${n}` : `${draw.reference}${draw.tail || ''}`
const flagOf = ({ draw, at }: One) => ({
  needs_attention: draw.flagged ? ['wrong_amount'] : null,
  attention_since: draw.flagged ? at.toISOString() : null,
  attention_told: false,
})

function paymentOf(one: One): Row {
  const { draw, at, base, n, isOld } = one
  const isPaid = draw.status === 'completed' || draw.status === 'reversed'
  return {
    ...base,
    ...flagOf(one),
    id: newId(at),
    origin: 'api',
    status: draw.status,
    version: 0,
    currency: 'KES',
    amount_cents: draw.amount_cents,
    commission_cents: 0,
    received_cents: isPaid ? draw.amount_cents : 0,
    reserved_cents: 0,
    refunded_cents: 0,
    allocated_cents: 0,
    metadata: {},
    late: false,
    checks: 0,
    phone: draw.phone,
    payer_name: draw.odd % 2 === 0 ? draw.name : null,
    sent_reference: referenceOf(one),
    external_reference: draw.odd < 12 ? `${isOld ? 'old' : 'order'}-${n}` : null,
    provider_receipt: isPaid ? receiptOf(one, 'T') : null,
    failure_code: draw.status === 'failed' ? 'expired' : null,
    failed_at: draw.status === 'failed' ? at.toISOString() : null,
    completed_at: isPaid ? at.toISOString() : null,
    folded_into: draw.odd === 19 ? newId(at) : null,
  }
}

function moneyOf(one: One, payment: Row): Row {
  const { draw, at } = one
  const { updated_at: _, ...base } = one.base
  const hashed = draw.odd === 1 && draw.phone ? createHash('sha256').update(draw.phone).digest('hex') : null
  const masked = draw.odd === 2 && draw.phone ? `${draw.phone.slice(0, 5)} ***** ${draw.phone.slice(-3)}` : null
  return {
    ...base,
    id: newId(at),
    receipt: payment.provider_receipt ?? receiptOf(one, 'U'),
    amount_cents: draw.amount_cents,
    currency: 'KES',
    payment_id: payment.provider_receipt && draw.odd !== 3 ? payment.id : null,
    kind: draw.odd % 3 === 0 ? 'c2b' : 'stk',
    phone: hashed || masked ? null : draw.phone,
    phone_hash: hashed,
    phone_masked: masked,
    payer_name: draw.name,
    reference: draw.odd === 4 ? null : referenceOf(one),
    reversed_cents: 0,
    reserved_cents: 0,
    attention_told: false,
  }
}

function refundOf(one: One, payment: Row): Row {
  const { draw, at, base } = one
  const status = draw.status === 'reversed' ? 'completed' : draw.status
  return {
    ...base,
    ...flagOf(one),
    id: newId(at),
    payment_id: payment.id,
    origin: 'api',
    status,
    version: 0,
    was_unknown: false,
    currency: 'KES',
    amount_cents: 100,
    payment_receipt: payment.provider_receipt ?? 'NONE1',
    failure_code: status === 'failed' ? 'refused' : null,
    completed_at: status === 'completed' ? at.toISOString() : null,
    late: false,
    checks: 0,
    of_money: false,
  }
}

function payoutOf(one: One): Row {
  const { draw, at, base, n } = one
  const status = draw.status === 'reversed' ? 'awaiting_approval' : draw.status
  const isB2b = draw.phone === null
  return {
    ...base,
    ...flagOf(one),
    id: newId(at),
    kind: isB2b ? 'b2b' : 'b2c',
    status,
    version: 0,
    currency: 'KES',
    amount_cents: draw.amount_cents,
    phone: draw.phone,
    shortcode: isB2b ? '600000' : null,
    shortcode_type: isB2b ? 'paybill' : null,
    account_reference: referenceOf(one),
    external_reference: `pay-${n}`,
    metadata: {},
    created_by: 'key',
    person: 'key',
    counted_on: at.toISOString().slice(0, 10),
    provider_receipt: status === 'completed' ? receiptOf(one, 'P') : null,
    failure_code: status === 'failed' ? 'refused' : null,
    requested_at: at.toISOString(),
    completed_at: status === 'completed' ? at.toISOString() : null,
    late: false,
    checks: 0,
  }
}

function invoiceOf(one: One): Row {
  const { draw, at, base, n, isOld } = one
  const paid_cents = { completed: draw.amount_cents, pending: 50 }[draw.status as string] ?? 0
  const isVoid = draw.status === 'reversed'
  const status = isVoid ? 'void' : paid_cents === 0 ? 'open' : paid_cents < draw.amount_cents ? 'part_paid' : 'paid'
  return {
    ...base,
    id: newId(at),
    status,
    version: 0,
    reference: `${isOld ? 'OLD' : draw.odd < 9 ? 'INV' : 'b'}-${n}`,
    customer_name: draw.name,
    customer_phone: draw.phone,
    lines: [],
    tax_included: true,
    currency: 'KES',
    subtotal_cents: draw.amount_cents,
    tax_cents: 0,
    total_cents: draw.amount_cents,
    paid_cents: isVoid ? 0 : paid_cents,
    instalments: false,
    due_on: draw.odd < 5 ? at.toISOString().slice(0, 10) : null,
    metadata: {},
    voided_at: isVoid ? at.toISOString() : null,
    reminders: true,
  }
}
