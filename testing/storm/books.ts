import { complaintsOfDoctor } from '../complaints-of-doctor.ts'
import { compareElsewhere, sumsElsewhere } from './elsewhere.ts'
import { compareFines } from './fines.ts'
import { showId } from '../../server/id.ts'
import type { Prefix } from '../../server/id.ts'
import type { Invoice } from '../../server/invoices/invoice.ts'
import type { OutsidePayment } from '../../server/outside/outside-payment.ts'
import type { Payment } from '../../server/payments/payment.ts'
import type { Payout } from '../../server/payouts/payout.ts'
import type { Refund } from '../../server/refunds/refund.ts'
import { sql } from '../../server/database/sql.ts'
import type { LedgerEntry } from '../../simulator/index.ts'
import type { Seen } from './outside.ts'
import type { Stage } from './stage.ts'

/** What a storm has left behind. Where `problems` is empty, no shilling was lost and none counted twice. */
export type Books = {
  payments: number
  completed: number
  refunds: number
  payouts: number
  /** Fines that were paid at eCitizen. */
  fines: number
  invoices: number
  /** What two people say was paid where no provider sees it. */
  elsewhere: number
  shillings: number
  lost: number
  double: number
  eventsMissing: number
  undelivered: number
  callbacksLost: number
  problems: string[]
}

type Money = { receipt: string; amount_cents: number; payment_id: string | null }
type EventRow = { id: string; type: string; subject_id: string; version: number }
type Subject = Payment | Refund | Payout

/** Lango's books, the provider's, and what was found when they were held against each other. */
type Comparison = {
  payments: Payment[]
  refunds: Refund[]
  payouts: Payout[]
  invoices: Invoice[]
  outside: OutsidePayment[]
  money: Money[]
  events: EventRow[]
  ledger: LedgerEntry[]
  seen: Seen
  lost: string[]
  double: string[]
  eventsMissing: string[]
  undelivered: string[]
  callbacksLost: string[]
}

/** Holds Lango's books against what the world outside has seen. */
export async function compareBooks(stage: Stage): Promise<Books> {
  const { context, database, simulator, seen, merchant } = stage
  const comparison: Comparison = {
    payments: await database.query(sql`select * from payments where provider = 'mpesa' order by id`),
    refunds: await database.query(sql`select * from refunds order by id`),
    payouts: await database.query(sql`select * from payouts order by id`),
    invoices: await database.query(sql`select * from invoices order by id`),
    outside: await database.query(sql`select * from outside_payments order by id`),
    money: await database.query(sql`select receipt, amount_cents, payment_id from money_in where provider = 'mpesa'`),
    events: await database.query(sql`select id, type, subject_id, version from events order by version`),
    ledger: simulator.ledger.entries.filter(({ shortcode }) => shortcode === merchant.shortcode),
    seen,
    lost: [],
    double: [],
    eventsMissing: [],
    undelivered: [],
    callbacksLost: [],
  }
  compareMoneyIn(comparison)
  comparePayments(comparison)
  compareRefunds(comparison)
  comparePayouts(comparison)
  compareInvoices(comparison)
  compareEvents(comparison)
  const fines = await compareFines(stage)
  comparison.lost.push(...fines.problems)
  comparison.double.push(...compareElsewhere(comparison.outside, comparison.invoices))
  const bodies = await database.query<{ body: Buffer }>(sql`select body from callbacks`)
  compareCallbacks(comparison, bodies)
  const { payments, refunds, payouts, invoices, outside, ledger } = comparison
  const { lost, double, eventsMissing, undelivered, callbacksLost } = comparison
  return {
    payments: payments.length,
    completed: payments.filter(({ status }) => ['completed', 'reversed'].includes(status)).length,
    refunds: refunds.length,
    payouts: payouts.length,
    fines: fines.paid,
    invoices: invoices.filter(({ paid_cents }) => paid_cents > 0).length,
    elsewhere: outside.filter(({ status }) => status === 'approved').length,
    shillings: ledger.filter(isMoneyIn).reduce((total, { amount }) => total + amount, 0),
    lost: lost.length,
    double: double.length,
    eventsMissing: eventsMissing.length,
    undelivered: undelivered.length,
    callbacksLost: callbacksLost.length,
    problems: [lost, double, eventsMissing, undelivered, callbacksLost, await complaintsOfDoctor(context)].flat(),
  }
}

const isMoneyIn = ({ kind }: LedgerEntry) => kind === 'stk' || kind === 'c2b'
const isMoneyOut = ({ kind }: LedgerEntry) => kind === 'b2c' || kind === 'b2b'

/** Every receipt of money that came is in the books with its amount, and none that never was. */
function compareMoneyIn({ ledger, money, lost, double }: Comparison): void {
  const moneyByReceipt = new Map(money.map((row) => [row.receipt, row]))
  const came = new Map(ledger.filter(isMoneyIn).map((entry) => [entry.receipt, entry]))
  for (const { receipt, amount, kind, reference } of came.values()) {
    const row = moneyByReceipt.get(receipt)
    const name = `${kind} ${receipt} of ${amount} for ${reference}`
    if (!row) lost.push(`${name} is not in the books`)
    else if (row.amount_cents !== amount * 100) lost.push(`${name} is ${row.amount_cents / 100} in the books`)
  }
  for (const { receipt } of money) if (!came.has(receipt)) double.push(`${receipt} is in the books, and never was`)
}

/** The receipts in callbacks of STK pushes that Lango acknowledged. */
function receiptsHeard({ acknowledged }: Seen): Set<string> {
  const pattern = /"MpesaReceiptNumber","Value":"(\w+)"/
  return new Set([...acknowledged.keys()].flatMap((body) => pattern.exec(body)?.[1] ?? []))
}

/** Every payment is settled, has what its receipts sum to, was asked of its payer once, and is paid if Lango was told so. */
function comparePayments({ payments, money, ledger, seen, lost, double }: Comparison): void {
  const heard = receiptsHeard(seen)
  const moneyByPayment = Map.groupBy(money, ({ payment_id }) => payment_id)
  const chargesByReference = Map.groupBy(
    ledger.filter(({ kind }) => kind === 'stk'),
    ({ reference }) => reference,
  )
  for (const payment of payments) {
    const { id, status, sent_reference, received_cents } = payment
    const name = `${showId('pay', id)} (${status}, ${sent_reference})`
    const own = moneyByPayment.get(id) ?? []
    const sum = own.reduce((total, { amount_cents }) => total + amount_cents, 0)
    if (sum !== received_cents) double.push(`${name} says it received ${received_cents}; its receipts sum to ${sum}`)
    const isPaid = status === 'completed' || status === 'reversed'
    if (isPaid && !payment.provider_receipt && !payment.folded_into) lost.push(`${name} has no receipt`)
    if (status === 'pending' || status === 'created') lost.push(`${name} was never settled`)
    if (!isPaid && own.length > 0) lost.push(`${name} has money and is not completed`)
    // Payments of one invoice share its reference.
    if (payment.invoice_id) continue
    const pushes = seen.pushes.get(sent_reference) ?? 0
    if (pushes > 1) double.push(`${name} was pushed ${pushes} times`)
    const charges = chargesByReference.get(sent_reference) ?? []
    if (charges.length > 1) double.push(`${name} charged its payer ${charges.length} times`)
    const told = charges.find(({ receipt }) => heard.has(receipt))
    if (told && !isPaid) lost.push(`${name} was paid by ${told.receipt}, and Lango was told`)
  }
}

/** What went back is what the refunds say, and never more than came. */
function compareRefunds({ payments, refunds, ledger, lost, double }: Comparison): void {
  const backByReceipt = Map.groupBy(
    ledger.filter(({ kind }) => kind === 'reversal'),
    ({ reverses }) => reverses,
  )
  const byReceipt = new Map(refunds.map((refund) => [refund.provider_receipt, refund]))
  const sumOf = (entries: LedgerEntry[]) => entries.reduce((total, { amount }) => total + amount * 100, 0)
  for (const { receipt, amount, reverses } of [...backByReceipt.values()].flat()) {
    const refund = byReceipt.get(receipt)
    const name = `reversal ${receipt} of ${amount} of ${reverses}`
    if (!refund) lost.push(`${name} is not in the books`)
    else if (refund.status !== 'completed' || refund.amount_cents !== amount * 100)
      lost.push(`${name} is a refund of ${refund.amount_cents / 100}, ${refund.status}`)
  }
  for (const payment of payments) {
    const own = refunds.filter(({ payment_id }) => payment_id === payment.id)
    const name = `${showId('pay', payment.id)} (${payment.provider_receipt})`
    const back = sumOf(backByReceipt.get(payment.provider_receipt) ?? [])
    const completed = own
      .filter(({ status }) => status === 'completed')
      .reduce((sum, refund) => sum + refund.amount_cents, 0)
    if (completed !== payment.refunded_cents)
      double.push(`${name} says that ${payment.refunded_cents} went back; its refunds sum to ${completed}`)
    if (completed > back) double.push(`${name}: ${completed} are said to be back, and ${back} are`)
    if (back > payment.refunded_cents + payment.reserved_cents)
      double.push(
        `${name}: ${back} went back, of ${payment.refunded_cents} refunded and ${payment.reserved_cents} reserved`,
      )
    if ((payment.status === 'reversed') !== (payment.received_cents > 0 && completed === payment.received_cents))
      lost.push(`${name} is ${payment.status}, and ${completed} of ${payment.received_cents} are back`)
  }
}

/** What was sent is what the payouts say, each once. */
function comparePayouts({ payouts, ledger, lost, double }: Comparison): void {
  const sent = new Map(ledger.filter(isMoneyOut).map((entry) => [entry.receipt, entry]))
  const byReceipt = new Map(payouts.map((payout) => [payout.provider_receipt, payout]))
  for (const { receipt, amount, kind } of sent.values()) {
    const payout = byReceipt.get(receipt)
    const name = `${kind} ${receipt} of ${amount}`
    if (!payout) lost.push(`${name} is not in the books`)
    else if (payout.status !== 'completed' || payout.amount_cents !== amount * 100)
      lost.push(`${name} is a payout of ${payout.amount_cents / 100}, ${payout.status}`)
  }
  for (const { id, status, provider_receipt } of payouts)
    if (status === 'completed' && provider_receipt && !sent.has(provider_receipt))
      double.push(`${showId('pot', id)} says that it sent ${provider_receipt}, which never was`)
  const total = (cents: number[]) => cents.reduce((sum, each) => sum + each, 0)
  const left = total([...sent.values()].map(({ amount }) => amount * 100))
  const counted = total(payouts.filter(({ status }) => status !== 'failed').map(({ amount_cents }) => amount_cents))
  if (left > counted) double.push(`${left} cents were sent, and payouts of ${counted} may have been`)
}

/** What was put to each invoice is what came for it and stayed, by the provider's ledger. */
function compareInvoices({ invoices, outside, payments, money, ledger, seen, lost, double }: Comparison): void {
  const signed = ledger.map((entry) => ({ ...entry, cents: entry.amount * (entry.kind === 'reversal' ? -100 : 100) }))
  const byReceipt = Map.groupBy(signed, ({ receipt, reverses }) => reverses ?? receipt)
  const byInvoice = Map.groupBy(payments, ({ invoice_id }) => invoice_id)
  const heard = receiptsHeard(seen)
  const owned = new Set(money.flatMap(({ receipt, payment_id }) => (payment_id ? receipt : [])))
  // What was paid by hand while its prompt was open is paid a second time by the prompt: that is a person's.
  const isShown = ({ status, needs_attention }: Payment) => status === 'completed' && (needs_attention?.length ?? 0) > 0
  const stayed = (receipt: string | null) => (byReceipt.get(receipt!) ?? []).reduce((sum, { cents }) => sum + cents, 0)
  const sums = sumsElsewhere(outside)
  for (const { id, reference, status, paid_cents } of invoices) {
    const name = `${showId('inv', id)} (${status}, ${reference})`
    const own = (byInvoice.get(id) ?? []).filter(({ provider_receipt }) => provider_receipt)
    const elsewhere = sums.get(id) ?? 0
    const came = elsewhere + own.reduce((sum, { provider_receipt }) => sum + stayed(provider_receipt), 0)
    if (paid_cents < came) lost.push(`${name} has ${paid_cents}, and ${came} came and stayed`)
    if (paid_cents > came) double.push(`${name} has ${paid_cents}, and ${came} came and stayed`)
    const pushes = seen.pushes.get(reference) ?? 0
    const asked = payments.filter(({ sent_reference }) => sent_reference === reference)
    const requested = asked.filter(({ requested_at }) => requested_at)
    for (const { receipt } of ledger.filter((entry) => entry.kind === 'stk' && entry.reference === reference))
      if (heard.has(receipt) && !owned.has(receipt) && !asked.some(isShown))
        lost.push(`${name} was paid by ${receipt}, Lango was told, and nobody is shown it`)
    if (pushes > requested.length) double.push(`${name}: ${pushes} prompts for ${requested.length} payments`)
  }
}

/** Each status that something entered has exactly one event, the last names the status, and the shop took each. */
function compareEvents({
  payments,
  refunds,
  payouts,
  invoices,
  events,
  seen,
  eventsMissing,
  undelivered,
}: Comparison): void {
  const eventsBySubject = Map.groupBy(events, ({ subject_id }) => subject_id)
  // Of the money of one that took over a receipt was told before.
  const tookOver = new Set(payments.map(({ folded_into }) => folded_into))
  const check = (subjects: Subject[], prefix: Prefix, noun: string) => {
    for (const { id, status, version } of subjects) {
      const own = eventsBySubject.get(id) ?? []
      const name = `${showId(prefix, id)} (${status})`
      if (own.map((event) => event.version).join() !== Array.from({ length: version }, (_, index) => index + 1).join())
        eventsMissing.push(
          `${name} is at version ${version}; its events are ${own.map((event) => event.version).join()}`,
        )
      if (tookOver.has(id) && status === 'completed') continue
      if (version > 0 && own.at(-1)?.type !== `${noun}.${status}`)
        eventsMissing.push(`${name}: its last event is ${own.at(-1)?.type}`)
      if (version === 0 && ['completed', 'failed', 'reversed', 'returned'].includes(status))
        eventsMissing.push(`${name} has no event`)
    }
  }
  check(payments, 'pay', 'payment')
  check(refunds, 'ref', 'refund')
  check(payouts, 'pot', 'payout')
  for (const { id, version } of invoices) {
    const count = (eventsBySubject.get(id) ?? []).length
    if (count !== version) eventsMissing.push(`${showId('inv', id)} is at version ${version}, and has ${count} events`)
  }
  for (const { id, type } of events)
    if (!seen.told.has(showId('evt', id))) undelivered.push(`${type} ${id} was never delivered`)
}

/** Every body that was acknowledged is kept, as often as it was. */
function compareCallbacks({ seen, callbacksLost }: Comparison, bodies: { body: Buffer }[]): void {
  const kept = Map.groupBy(bodies, ({ body }) => body.toString())
  for (const [body, times] of seen.acknowledged) {
    const count = kept.get(body)?.length ?? 0
    if (count < times) callbacksLost.push(`acknowledged ${times} times, kept ${count}: ${body.slice(0, 200)}`)
  }
}
