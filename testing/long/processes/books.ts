import { createContext } from '../../../server/create-context.ts'
import { showId } from '../../../server/id.ts'
import { createLog } from '../../../server/log.ts'
import { sql } from '../../../server/database/sql.ts'
import { complaintsOfDoctor } from '../../complaints-of-doctor.ts'
import type { LedgerEntry } from '../../../simulator/index.ts'
import type { Order } from './customers.ts'
import type { Installation } from './installation.ts'

/** What was found when Lango's books were held against the ledger, the customers' answers, the road and the shop. */
export type Books = {
  payments: number
  completed: number
  /** Payments of which nobody knows more than that they were asked for, and no money came. */
  unknown: number
  acknowledged: number
  /** What came, by the ledger. */
  shillings: number
  /** Callbacks that could not be acted on when they came, and waited: on disk, or in the table. */
  kept: number
  lost: string[]
  double: string[]
  eventsMissing: string[]
  callbacksLost: string[]
  complaints: string[]
}

type Payment = {
  id: string
  status: string
  version: number
  idempotency_key: string
  sent_reference: string
  provider_outcome: string | null
  provider_ref: string | null
  provider_receipt: string | null
  amount_cents: number
  received_cents: number
}
type Money = { receipt: string; amount_cents: number; payment_id: string | null }
type Told = { id: string; type: string; subject_id: string; version: number }

export async function compareBooks(installation: Installation, orders: Order[]): Promise<Books> {
  const { database, simulator, shortcode, outside } = installation
  const payments = await database.query<Payment>(sql`
    select id, status, version, idempotency_key, sent_reference, provider_outcome, provider_ref, provider_receipt, amount_cents, received_cents
    from payments order by id`)
  const money = await database.query<Money>(sql`select receipt, amount_cents, payment_id from money_in`)
  const events = await database.query<Told>(
    sql`select id, type, subject_id, version from events order by subject_id, version`,
  )
  const { entries } = (await (await fetch(`${simulator.url}/_/ledger`)).json()) as { entries: LedgerEntry[] }
  const ledger = entries.filter((entry) => entry.shortcode === shortcode)
  const lost = [...lostMoney(ledger, money), ...lostPayments(payments, orders)]
  const double = [...doubleMoney(ledger, money, payments), ...doublePayments(payments)]
  return {
    payments: payments.length,
    completed: payments.filter(({ status }) => status === 'completed').length,
    unknown: payments.filter(isUnknown).length,
    acknowledged: [...outside.acknowledged.values()].reduce((sum, count) => sum + count, 0),
    shillings: ledger.reduce((sum, { amount }) => sum + amount, 0),
    kept: await countKept(installation),
    lost,
    double,
    eventsMissing: missingEvents(payments, events, outside.delivered),
    callbacksLost: await lostCallbacks(installation),
    complaints: await complaintsOf(installation),
  }
}

/** How many callbacks could not be acted on when they came, so far. */
export async function countKept({ database }: Installation): Promise<number> {
  const { kept } = await database.one<{ kept: number }>(sql`select count(*) as kept from callbacks where attempts > 0`)
  return kept
}

const isUnknown = ({ status, provider_ref }: Payment) => status === 'pending' && provider_ref === null

function lostMoney(ledger: LedgerEntry[], money: Money[]): string[] {
  const known = new Map(money.map((row) => [row.receipt, row]))
  return ledger.flatMap(({ receipt, amount, reference }) => {
    const row = known.get(receipt)
    if (!row) return [`${receipt} of ${amount} for ${reference} is not in the books`]
    if (row.amount_cents !== amount * 100) return [`${receipt} of ${amount} is ${row.amount_cents / 100} in the books`]
    return row.payment_id ? [] : [`${receipt} of ${amount} for ${reference} belongs to no payment`]
  })
}

function lostPayments(payments: Payment[], orders: Order[]): string[] {
  const byKey = new Map(payments.map((payment) => [payment.idempotency_key, showId('pay', payment.id)]))
  return [
    ...orders
      .filter(({ key, payment_id }) => byKey.get(key) !== payment_id)
      .map(({ key, payment_id }) => `${key} was answered with ${payment_id}, and is ${byKey.get(key)} in the books`),
    ...payments.flatMap((payment) => {
      const { status, sent_reference, provider_receipt } = payment
      const name = `${sent_reference} (${status})`
      if (status === 'completed') return provider_receipt ? [] : [`${name} has no receipt`]
      return status === 'failed' || isUnknown(payment) ? [] : [`${name} was never settled`]
    }),
  ]
}

function doubleMoney(ledger: LedgerEntry[], money: Money[], payments: Payment[]): string[] {
  const came = new Set(ledger.map(({ receipt }) => receipt))
  const charges = Map.groupBy(ledger, ({ reference }) => reference)
  const own = Map.groupBy(money, ({ payment_id }) => payment_id)
  return [
    ...money
      .filter(({ receipt }) => !came.has(receipt))
      .map(({ receipt }) => `${receipt} is in the books, and never was`),
    ...[...charges].filter(([, each]) => each.length > 1).map(([reference]) => `${reference} charged its payer twice`),
    ...payments.flatMap(({ id, status, sent_reference, amount_cents, received_cents }) => {
      const sum = (own.get(id) ?? []).reduce((total, row) => total + row.amount_cents, 0)
      const due = status === 'completed' ? amount_cents : 0
      return sum === received_cents && sum === due
        ? []
        : [`${sent_reference} (${status}) of ${amount_cents} received ${received_cents}; its receipts sum to ${sum}`]
    }),
  ]
}

function doublePayments(payments: Payment[]): string[] {
  const byKey = Map.groupBy(payments, ({ idempotency_key }) => idempotency_key)
  return [...byKey].filter(([, each]) => each.length > 1).map(([key, each]) => `${key} made ${each.length} payments`)
}

function missingEvents(payments: Payment[], events: Told[], delivered: Map<string, number>): string[] {
  const bySubject = Map.groupBy(events, ({ subject_id }) => subject_id)
  return [
    ...payments.flatMap(({ id, status, version, sent_reference }) => {
      const own = bySubject.get(id) ?? []
      const isInOrder = own.length === version && own.every((event, index) => event.version === index + 1)
      const isNamed = version === 0 ? ['created', 'pending'].includes(status) : own.at(-1)?.type === `payment.${status}`
      return isInOrder && isNamed
        ? []
        : [`${sent_reference} (${status}, ${version}) has ${own.map(({ type }) => type).join()}`]
    }),
    ...events
      .filter(({ id }) => !delivered.has(showId('evt', id)))
      .map(({ id, type }) => `${showId('evt', id)} (${type}) was not delivered`),
  ]
}

/** Which callbacks were acknowledged and are in no table. Each of them is lost, unless it waits on the disk of a node. */
export async function lostCallbacks({ database, outside }: Installation): Promise<string[]> {
  const acknowledged = [...outside.acknowledged]
  const rows = await database.query<{ body: Buffer }>(sql`select body from callbacks`)
  const kept = Map.groupBy(rows, ({ body }) => body.toString())
  return acknowledged
    .filter(([body, count]) => (kept.get(body)?.length ?? 0) < count)
    .map(([body, count]) => `of ${count} acknowledged, ${kept.get(body)?.length ?? 0} kept: ${body}`)
}

/** What Lango's own doctor finds wrong. */
async function complaintsOf({ database, outside, simulator }: Installation): Promise<string[]> {
  const url = simulator.url
  const context = createContext({
    database,
    log: createLog('silent'),
    config: {
      publicUrl: outside.roadUrl,
      secretKeys: { current: Buffer.alloc(32), previous: [] },
      darajaUrls: { simulator: url, sandbox: url, live: url },
      trustedProxies: [],
    },
  })
  return complaintsOfDoctor(context)
}
