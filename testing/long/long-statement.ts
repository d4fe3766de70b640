import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { costOf, parentOf } from '../../bench/cost.ts'
import { sql } from '../../server/database/sql.ts'
import { keepStatistics } from '../../server/database/statistics.ts'
import { newId } from '../../server/id.ts'
import { story } from '../story.ts'
import type { Story } from '../story.ts'

const columns =
  'Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.'
const usualCount = 200
const pauseMs = 20
/** Simulated, and pays at once. */
const payer = '0708374149'

/** From asking for a payment to its being completed, in milliseconds. */
export type Latency = { count: number; p50Ms: number; p99Ms: number; longestMs: number }

export type Figures = {
  usual: Latency
  beside: Latency
  /** How long the upload took, until its run was completed. */
  tookMs: number
  /** For how long the event loop stood still at most, meanwhile. */
  stillMs: number
  /** How far the run said that it was, each time that it was asked and had come further. */
  progress: number[]
} & Costs

/** Seconds of the processor: of the thread that serves, of the process that reads, and of PostgreSQL; payments beside it included. */
type Costs = { servingS: number; readingS: number; postgresS: number }

/**
 * Uploads a statement of so many lines, and makes payments beside it, one after the other: each must be completed. Of so many in a
 * thousand lines the payments are in the books; the others nothing explains. Asks of the run how far it is. Answers how long the
 * payments took without it and beside it, and what it cost.
 */
export async function tellLongStatement(lineCount: number, knownOfThousand: number): Promise<Figures> {
  const figures: Partial<Figures> = {}
  const numbers = Array.from({ length: lineCount }, (_, index) => index)
  const known = numbers.filter((number) => number % 1_000 < knownOfThousand)
  await story({}, async (told) => {
    await enterPaid(told, known)
    await payFor(told, () => false, 20)
    figures.usual = latencyOf(await payFor(told, () => false, usualCount))
    const content = statementOf(lineCount)
    const loop = monitorEventLoopDelay({ resolution: 5 })
    loop.enable()
    const spent = await watchCosts(told)
    const begun = performance.now()
    // As a node does, where tables fill.
    const analyzing = setInterval(() => void told.sweep(keepStatistics.name), keepStatistics.everyMs)
    let isDone = false
    const uploaded = told
      .call('POST', '/v1/reconciliation/statements', content, { 'Content-Type': 'text/csv' })
      .finally(() => {
        isDone = true
        clearInterval(analyzing)
      })
    const [{ status, body }, beside, progress] = await Promise.all([
      uploaded,
      payFor(told, () => isDone),
      watch(told, () => isDone),
    ])
    Object.assign(figures, {
      tookMs: Math.round(performance.now() - begun),
      stillMs: Math.round(loop.max / 1e6),
      ...spent(),
    })
    loop.disable()
    assert.equal(status, 201, JSON.stringify(body))
    const { report, records_read, records_total } = body.data
    assert.deepEqual([records_read, records_total, report.records.count], [lineCount, lineCount, lineCount])
    const { count } = await told.context.database.one<{ count: number }>(
      sql`select count(*) as count from money_in where payment_id is null`,
    )
    assert.equal(count, lineCount - known.length, 'each new line is in the books, once')
    assert.deepEqual([report.matched.count, report.not_found.count], [known.length, count])
    Object.assign(figures, { beside: latencyOf(beside), progress })
  })
  return figures as Figures
}

const receiptOf = (number: number) => `UKK${number.toString(36).toUpperCase().padStart(7, '0')}`
const entered = 20_000

/** Enters payments that were completed on the day of the statement, some hours before the story begins. */
async function enterPaid({ context: { database }, merchant }: Story, numbers: number[]): Promise<void> {
  for (let start = 0; start < numbers.length; start += entered) {
    const some = numbers.slice(start, start + entered)
    const times = some.map(timeOf)
    const [ids, moneyIds] = [times.map((at) => newId(at)), times.map((at) => newId(at))]
    const paid = sql`(select * from unnest(${some}::int[], ${ids}::uuid[], ${moneyIds}::uuid[], ${some.map(receiptOf)}::text[], ${times}::timestamptz[])
      as p (number, id, money_id, receipt, at)) p cross join (select id as account_id from provider_accounts) a`
    await database.query(sql`
      insert into payments (merchant_id, id, provider_account_id, provider, environment, origin, status, version, provider_outcome, amount_cents,
        received_cents, phone, account_reference, sent_reference, provider_ref, provider_receipt, requested_at, paid_at, completed_at, created_at, updated_at)
      select ${merchant.id}, p.id, account_id, 'mpesa', 'simulator', 'api', 'completed', 1, 'accepted', 105000, 105000, '2547' || 11000000 + number,
        'INV-' || number, 'INV-' || number, 'ws_' || number, receipt, at, at, at, at, at from ${paid}`)
    await database.query(sql`
      insert into money_in (merchant_id, provider, environment, receipt, id, provider_account_id, amount_cents, payment_id, named_payment_id, kind,
        phone, payer_name, reference, paid_at, created_at)
      select ${merchant.id}, 'mpesa', 'simulator', receipt, money_id, account_id, 105000, p.id, p.id, 'stk', '2547' || 11000000 + number,
        'AMINA HASSAN', 'INV-' || number, at, at from ${paid}`)
  }
  await database.query(sql`vacuum analyze`)
}

/** Begins to watch what the processor does; the answer tells how much that was. */
async function watchCosts({ context }: Story): Promise<() => Costs> {
  const { pid } = await context.database.one<{ pid: number }>(sql`select pg_backend_pid() as pid`)
  const postgres = parentOf(pid)
  const seconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6
  const [all, own, before] = [costOf(process.pid).cpuSeconds, process.threadCpuUsage(), costOf(postgres).cpuSeconds]
  return () => {
    const servingS = seconds(process.threadCpuUsage(own))
    return {
      servingS,
      readingS: costOf(process.pid).cpuSeconds - all - servingS,
      postgresS: costOf(postgres).cpuSeconds - before,
    }
  }
}

/** When a line says that it was paid, by Nairobi's clock: some lines for each second from midnight on. */
const timeOf = (number: number) => new Date(Date.UTC(2026, 10, 19, 21) + number * 300)

function statementOf(lineCount: number): string {
  const lines = Array.from({ length: lineCount }, (_, index) => {
    const second = new Date(timeOf(index).getTime() + 3 * 3_600_000).toISOString().slice(11, 19)
    const phone = `2547${String(11_000_000 + index)}`
    const receipt = receiptOf(index)
    const party = `${phone} - AMINA HASSAN`
    const account = `INV-${index}`
    return `${receipt},20-11-2026 ${second},20-11-2026 ${second},Pay Bill from ${party} Acc. ${account},Completed,"1,050.00",,"1,050.00",true,Pay Bill,${party},,${account}`
  })
  return `Short Code:,174379\r\n${columns}\r\n${lines.join('\r\n')}\r\n`
}

/** Makes payments, one after the other, so many or until it is over; answers how long each took. */
async function payFor(told: Story, isOver: () => boolean, count = Infinity): Promise<number[]> {
  const took: number[] = []
  while (took.length < count && !isOver()) {
    const begun = performance.now()
    const { id } = await told.pay({ phone: payer, amount: 1, account_reference: crypto.randomUUID().slice(0, 12) })
    const { status } = await told.payment(id)
    took.push(performance.now() - begun)
    assert.equal(status, 'completed')
    await setTimeout(pauseMs)
  }
  return took
}

/** How far the run says that it is, as long as it goes on. */
async function watch({ call }: Story, isOver: () => boolean): Promise<number[]> {
  const progress: number[] = []
  while (!isOver()) {
    const [run] = (await call('GET', '/v1/reconciliation/runs?status=running')).body.data
    if (run && run.records_read !== progress.at(-1)) progress.push(run.records_read)
    await setTimeout(100)
  }
  return progress
}

function latencyOf(took: number[]): Latency {
  const sorted = took.toSorted((left, right) => left - right)
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!)
  return { count: took.length, p50Ms: at(0.5), p99Ms: at(0.99), longestMs: at(1) }
}
