import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { findReceived, listPaid } from '../money-in/find.ts'
import type { MoneyIn } from '../money-in/money-in.ts'
import { findReceiptless, flagPayments, unflagPayments } from '../payments/flag.ts'
import type { Payment } from '../payments/payment.ts'
import type { Statement } from '../providers/statement.ts'
import type { NewItem } from './item.ts'
import type { Run } from './run.ts'

const namesAtOnce = 5_000

/**
 * What the books hold of the time of a statement, and the statement does not show, or says to have failed: money by its receipt,
 * and payments completed without one. Changes nothing.
 */
export async function findUnknownToProvider(context: Context, run: Run, statement: Statement): Promise<NewItem[]> {
  const failed = await findFailed(context, run, statement)
  const window = accusedWindow(statement, run.created_at)
  if (!window) return failed
  const { merchant_id, provider_account_id: id } = run
  const missing = await listPaid(context, { merchant_id, id, ...window, unless: isShown(run) })
  const money = statement.is_whole ? missing : await withoutShownElsewhere(context, run, missing)
  const receiptless = await findReceiptless(context, { merchant_id, id, ...window })
  const named = new Set(failed.map(({ receipt }) => receipt))
  return [
    ...failed,
    ...money.filter(({ receipt }) => !named.has(receipt)).map((one) => itemOfMoney(one, 'unknown_to_provider')),
    ...receiptless.map(itemOfPayment),
  ]
}

/** Shows the payments of what was found to a person. */
export async function flagUnknownToProvider(context: Context, { merchant_id }: Run, items: NewItem[]): Promise<void> {
  const byReason = Map.groupBy(items, ({ reason }) => reason)
  for (const [because, found] of byReason) {
    const ids = found.flatMap(({ payment_id }) => payment_id ?? [])
    await flagPayments(context, { merchant_id, ids, because })
  }
}

/** Shows payments of which the run has met the money to nobody any longer for its having been missing. */
export async function unflagKnown(context: Context, { merchant_id, id }: Run): Promise<void> {
  const because = 'unknown_to_provider'
  const flagged = await context.database.query<{ id: string }>(sql`
    select id from payments
    where merchant_id = ${merchant_id} and needs_attention is not null and ${because} = any (needs_attention)`)
  if (flagged.length === 0) return
  const known = await context.database.query<{ payment_id: string }>(sql`
    select payment_id from reconciliation_items where merchant_id = ${merchant_id} and run_id = ${id}
      and kind = 'payment' and reason = 'known' and payment_id = any (${flagged.map((payment) => payment.id)}::uuid[])`)
  const ids = known.map(({ payment_id }) => payment_id)
  await unflagPayments(context, { merchant_id, ids, because })
}

/**
 * The time, its end not included, of which a statement must show every payment of a customer: its period, as far as it was over
 * when the statement was exported. One that names no period may be cut off anywhere, also within its first and its last second:
 * then it is what lies between its first payment and its last. A statement of payouts alone accuses nobody.
 */
function accusedWindow(statement: Statement, uploadedAt: Date): { from: Date; until: Date } | undefined {
  const { period, moved, paid, precision_ms, reported_at, is_of_payments } = statement
  if (!is_of_payments || (moved && !paid)) return undefined
  if (!period) return (paid && { from: later(paid.from, precision_ms), until: paid.until }) || undefined
  const known = reported_at && reported_at < uploadedAt ? reported_at : uploadedAt
  const until = later(period.until, 1)
  if (known >= until) return { from: period.from, until }
  // It was exported before its period was over: a report that names the time knows all until then, else all until its last line.
  const last = moved?.until ?? period.from
  return { from: period.from, until: known === reported_at && known > last ? known : last }
}

/** True for money that the run has met. Asked once for all money, so that a hundred thousand receipts are found by their hashes. */
function isShown({ merchant_id, id }: Run): Sql {
  return sql`m.receipt in (select i.receipt from reconciliation_items i
    where i.merchant_id = ${merchant_id} and i.run_id = ${id} and i.kind in ('payment', 'unknown') and i.receipt is not null)`
}

/**
 * What no other statement of the account shows either: a period may have come in several files. One that proves by its balances
 * that nothing is missing in it speaks for itself.
 */
async function withoutShownElsewhere(context: Context, run: Run, money: MoneyIn[]): Promise<MoneyIn[]> {
  const rows = await context.database.query<{ receipt: string }>(sql`
    select distinct i.receipt from reconciliation_items i
    join reconciliation_runs r on r.merchant_id = i.merchant_id and r.id = i.run_id
    where i.merchant_id = ${run.merchant_id} and i.receipt = any (${money.map(({ receipt }) => receipt)}::text[])
      and i.kind in ('payment', 'unknown') and i.raw is not null
      and r.source = 'statement' and r.provider_account_id = ${run.provider_account_id}`)
  const shown = new Set(rows.map(({ receipt }) => receipt))
  return money.filter(({ receipt }) => !shown.has(receipt))
}

/** Money of which the statement says itself that it never moved. */
async function findFailed(context: Context, run: Run, statement: Statement): Promise<NewItem[]> {
  const { merchant_id, provider, environment, id } = run
  const found: NewItem[] = []
  for (let start = 0; start < statement.unmoved_receipts.length; start += namesAtOnce) {
    const receipts = statement.unmoved_receipts.slice(start, start + namesAtOnce)
    const rows = await context.database.query<{ receipt: string }>(sql`
      select receipt from reconciliation_items
      where merchant_id = ${merchant_id} and run_id = ${id} and receipt = any (${receipts}::text[])`)
    // What failed at first may have been completed after all, under the same receipt.
    const shown = new Set(rows.map(({ receipt }) => receipt))
    const names = [...new Set(receipts)].filter((receipt) => !shown.has(receipt))
    const money = await findReceived(
      context,
      names.map((receipt) => ({ merchant_id, provider, environment, receipt })),
    )
    for (const one of money) if (one) found.push(itemOfMoney(one, 'failed_at_provider'))
  }
  return found
}

const ours = {
  kind: 'payment',
  direction: 'in',
  outcome: 'mismatched',
  linked_receipt: null,
  payout_id: null,
  candidates: null,
  raw: null,
  line: null,
  problem: null,
} as const

function itemOfMoney(money: MoneyIn, reason: 'unknown_to_provider' | 'failed_at_provider'): NewItem {
  const { receipt, amount_cents, paid_at: at, reference, payer_name, payment_id } = money
  const phone = money.phone ?? money.phone_masked
  return {
    ...ours,
    reason,
    receipt,
    amount_cents,
    at,
    reference,
    phone,
    payer_name,
    payment_id,
    expected_cents: amount_cents,
  }
}

function itemOfPayment(payment: Payment): NewItem {
  const {
    amount_cents,
    commission_cents,
    completed_at: at,
    sent_reference: reference,
    phone,
    payer_name,
    id: payment_id,
  } = payment
  const cents = amount_cents + commission_cents
  return {
    ...ours,
    reason: 'receipt_awaited',
    receipt: null,
    amount_cents: cents,
    at,
    reference,
    phone,
    payer_name,
    payment_id,
    expected_cents: cents,
  }
}
