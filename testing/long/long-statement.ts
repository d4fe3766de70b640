import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { sql } from '../../server/database/sql.ts'
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
}

/**
 * Uploads a statement of so many lines, all of them new, and makes payments beside it, one after the other: each must be completed.
 * Asks of the run how far it is. Answers how long the payments took without it and beside it.
 */
export async function tellLongStatement(lineCount: number): Promise<Figures> {
  const figures: Partial<Figures> = {}
  await story({}, async (told) => {
    await payFor(told, () => false, 20)
    figures.usual = latencyOf(await payFor(told, () => false, usualCount))
    const content = statementOf(lineCount)
    const loop = monitorEventLoopDelay({ resolution: 5 })
    loop.enable()
    const begun = performance.now()
    let isDone = false
    const uploaded = told
      .call('POST', '/v1/reconciliation/statements', content, { 'Content-Type': 'text/csv' })
      .finally(() => (isDone = true))
    const [{ status, body }, beside, progress] = await Promise.all([
      uploaded,
      payFor(told, () => isDone),
      watch(told, () => isDone),
    ])
    Object.assign(figures, { tookMs: Math.round(performance.now() - begun), stillMs: Math.round(loop.max / 1e6) })
    loop.disable()
    assert.equal(status, 201, JSON.stringify(body))
    const { report, records_read, records_total } = body.data
    assert.deepEqual([records_read, records_total, report.records.count], [lineCount, lineCount, lineCount])
    const { count } = await told.context.database.one<{ count: number }>(
      sql`select count(*) as count from money_in where payment_id is null`,
    )
    assert.equal(count, lineCount, 'each line is in the books, once')
    Object.assign(figures, { beside: latencyOf(beside), progress })
  })
  return figures as Figures
}

function statementOf(lineCount: number): string {
  const lines = Array.from({ length: lineCount }, (_, index) => {
    const second = new Date(Date.UTC(2026, 10, 20) + index * 500).toISOString().slice(11, 19)
    const phone = `2547${String(11_000_000 + index)}`
    const receipt = `UKK${index.toString(36).toUpperCase().padStart(7, '0')}`
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
