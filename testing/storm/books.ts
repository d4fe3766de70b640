import { sql } from '../../server/database/sql.ts'
import { showId } from '../../server/id.ts'
import type { Payment } from '../../server/payments/payment.ts'
import type { Stage } from './stage.ts'

/** What a storm has left behind. Where `problems` is empty, no shilling was lost and none counted twice. */
export type Books = {
  payments: number
  completed: number
  failed: number
  shillings: number
  /** Payments that nobody told Lango of: left to reconciliation. */
  unheard: number
  lost: number
  double: number
  eventsMissing: number
  untold: number
  callbacksLost: number
  problems: string[]
}

type Money = { receipt: string; amount_cents: number; payment_id: string | null }
type EventRow = { id: string; type: string; subject_id: string; version: number }

const receiptPattern = /(?<=")[A-Z0-9]{10}(?=")/g

/** Holds Lango's books against what the world outside has seen. */
export async function compareBooks({ database, simulator, seen, merchant }: Stage): Promise<Books> {
  const payments = await database.query<Payment>(sql`select * from payments order by id`)
  const money = await database.query<Money>(sql`select receipt, amount_cents, payment_id from money_in`)
  const events = await database.query<EventRow>(sql`select id, type, subject_id, version from events order by version`)
  const problems = {
    lost: [] as string[],
    double: [] as string[],
    events: [] as string[],
    untold: [] as string[],
    callbacks: [] as string[],
  }

  const received = simulator.ledger.entries.filter(
    ({ kind, shortcode }) => ['stk', 'c2b'].includes(kind) && shortcode === merchant.shortcode,
  )
  // What nobody told Lango, only the provider's own records can.
  const heard = new Set([...seen.acknowledged.keys()].flatMap((body) => body.match(receiptPattern) ?? []))
  let unheard = 0
  const moneyByReceipt = new Map(money.map((row) => [row.receipt, row]))
  const receipts = new Set(received.map(({ receipt }) => receipt))
  for (const { receipt, amount, kind, reference } of received) {
    const row = moneyByReceipt.get(receipt)
    if (!row && !heard.has(receipt)) unheard++
    else if (!row) problems.lost.push(`${kind} ${receipt} of ${amount} for ${reference} is not in the books`)
    else if (row.amount_cents !== amount * 100)
      problems.lost.push(`${receipt} is ${amount}, and ${row.amount_cents / 100} in the books`)
  }
  for (const { receipt } of money)
    if (!receipts.has(receipt)) problems.double.push(`${receipt} is in the books, and never was`)

  for (const payment of payments) {
    const name = `${showId('pay', payment.id)} (${payment.status}, ${payment.sent_reference})`
    const own = money.filter(({ payment_id }) => payment_id === payment.id)
    const sum = own.reduce((total, { amount_cents }) => total + amount_cents, 0)
    if (sum !== payment.received_cents)
      problems.double.push(`${name} says it received ${payment.received_cents}, its receipts sum to ${sum}`)
    if (payment.status === 'completed' && !payment.provider_receipt) problems.lost.push(`${name} has no receipt`)
    if (payment.status === 'pending' || payment.status === 'created') problems.lost.push(`${name} was never settled`)
    if (payment.status !== 'completed' && own.length > 0) problems.lost.push(`${name} has money and is not completed`)
    const pushes = seen.pushes.get(payment.sent_reference) ?? 0
    if (pushes > 1) problems.double.push(`${name} was pushed ${pushes} times`)
    const charged = received.filter(({ kind, reference }) => kind === 'stk' && reference === payment.sent_reference)
    if (charged.length > 1) problems.double.push(`${name} charged its payer ${charged.length} times`)
    const told = events.filter(({ subject_id }) => subject_id === payment.id)
    if (told.length !== payment.version || told.some(({ version }, index) => version !== index + 1))
      problems.events.push(
        `${name} is at version ${payment.version} and has events ${told.map(({ version }) => version)}`,
      )
    if (payment.version > 0 && told.at(-1)?.type !== `payment.${payment.status}`)
      problems.events.push(`${name}: its last event is ${told.at(-1)?.type}`)
  }
  for (const { id, type } of events)
    if (!seen.told.has(showId('evt', id))) problems.untold.push(`${type} ${id} was never delivered`)

  const kept = new Map<string, number>()
  for (const { body } of await database.query<{ body: Buffer }>(sql`select body from callbacks`)) {
    kept.set(body.toString(), (kept.get(body.toString()) ?? 0) + 1)
  }
  for (const [body, count] of seen.acknowledged) {
    if ((kept.get(body) ?? 0) < count)
      problems.callbacks.push(`acknowledged ${count} times, kept ${kept.get(body) ?? 0}: ${body.slice(0, 200)}`)
  }
  return {
    payments: payments.length,
    completed: payments.filter(({ status }) => status === 'completed').length,
    failed: payments.filter(({ status }) => status === 'failed').length,
    shillings: received.reduce((total, { amount }) => total + amount, 0),
    unheard,
    lost: problems.lost.length,
    double: problems.double.length,
    eventsMissing: problems.events.length,
    untold: problems.untold.length,
    callbacksLost: problems.callbacks.length,
    problems: Object.values(problems).flat(),
  }
}
