import assert from 'node:assert/strict'
import { test } from 'node:test'
import { booksOf } from '../../testing/books-of.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { concurrently } from '../database/concurrently.ts'
import { sql } from '../database/sql.ts'

const shortcode = '174379'
const count = 500
/** Of those asked to pay, every tenth pays by hand instead, with a reference of their own. */
const paysByHand = (index: number) => index % 10 === 3

const people = Array.from({ length: count }, (_, index) => ({
  index,
  phone: `0711${String(index).padStart(6, '0')}`,
  amount: 100 + index,
}))
const byHand = people.filter(({ index }) => paysByHand(index))
const total = sum(people)

test('of 500 payments, a third unheard, some paid by hand and two reversed, no shilling stays unexplained', () =>
  story({ promptLifeMs: 3_600_000 }, async (told) => {
    await setUp(told)
    await askEverybody(told)
    const pulled = await readByPull(told)
    await assignByHand(told)
    const reversed = await reverseTwo(told)
    const read = await readByStatement(told, reversed)
    await nothingMoreIsFound(told, reversed)
    await eachRecordIsExplained(told, { [pulled.id]: count, [read.id]: count + 2 })
    await shopWasToldOnce(told)
  }))

async function setUp({ call, simulator }: Story): Promise<void> {
  await call('POST', '/v1/mpesa/c2b/register')
  await call('POST', '/v1/reconciliation/mpesa/register', { nominated_number: '0722000000' })
  simulator.faults.set({ seed: 7, rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 / 3 }] })
}

async function askEverybody(told: Story): Promise<void> {
  const { simulator } = told
  await concurrently(people, 20, async ({ index, phone, amount }) => {
    simulator.phones.set(phone, { auto: paysByHand(index) ? 'ignore' : 'approve' })
    await told.pay({ phone, amount, account_reference: `INV-${index}` })
    if (paysByHand(index)) await simulator.phones.get(phone).pay({ shortcode, amount, reference: 'My order' })
  })
  await simulator.settled()
  await told.advance('5 minutes')
  assert.equal(simulator.ledger.entries.length, count)
  assert.equal(sum(simulator.ledger.entries), total)
}

async function readByPull(told: Story): Promise<any> {
  const pending = await countOf(told, 'pending')
  assert.ok(pending > byHand.length + 100, `${pending} payments have not been heard of`)
  const pulled = (await told.call('POST', '/v1/reconciliation/runs')).body.data
  assert.equal(pulled.status, 'completed')
  assert.deepEqual(pulled.report.records, { count, paid_in: total, withdrawn: '0.00' })
  assert.equal(pulled.report.recovered.count, pending - byHand.length)
  assert.deepEqual(pulled.report.not_found, { count: byHand.length, paid_in: sum(byHand), withdrawn: '0.00' })
  assert.equal(pulled.report.mismatched.count, 0)
  assert.equal(await countOf(told, 'completed'), count - byHand.length)
  assert.equal(await books(told), total)
  return pulled
}

/** A person gives what was paid by hand to the payment that each record names. */
async function assignByHand({ call }: Story): Promise<void> {
  const unmatched: any[] = []
  for (let cursor = ''; ;) {
    const { body } = await call('GET', `/v1/money-in?unmatched=true&limit=100${cursor && `&cursor=${cursor}`}`)
    unmatched.push(...body.data)
    if (!body.meta.has_more) break
    cursor = body.meta.next_cursor
  }
  assert.equal(unmatched.length, byHand.length)
  for (const { receipt, candidates } of unmatched) {
    assert.equal(candidates.length, 1)
    assert.equal((await call('POST', `/v1/money-in/${receipt}/assign`, { payment_id: candidates[0] })).status, 200)
  }
}

/** Two are reversed at the portal, of which nobody is told. Answers what went back. */
async function reverseTwo({ simulator, advance }: Story): Promise<string> {
  await advance('1 minute')
  const reversed = [simulator.ledger.entries[11]!, simulator.ledger.entries[222]!]
  for (const { receipt } of reversed)
    await simulator.fetch('/_/reverse', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ receipt }),
    })
  return sum(reversed)
}

async function upload({ call, simulator }: Story): Promise<any> {
  const csv = { 'Content-Type': 'text/csv' }
  return (await call('POST', '/v1/reconciliation/statements', simulator.statement(), csv)).body.data
}

async function readByStatement(told: Story, back: string): Promise<any> {
  const read = await upload(told)
  const { records, matched, recovered, mismatched, not_found, unknown_to_provider } = read.report
  assert.deepEqual(records, { count: count + 2, paid_in: total, withdrawn: back })
  assert.deepEqual(matched, { count, paid_in: total, withdrawn: '0.00' })
  assert.deepEqual(recovered, { count: 2, paid_in: '0.00', withdrawn: back })
  assert.deepEqual([mismatched.count, not_found.count, unknown_to_provider.count], [0, 0, 0])
  assert.deepEqual(
    [await countOf(told, 'completed'), await countOf(told, 'reversed'), await countOf(told, 'pending')],
    [count - 2, 2, 0],
  )
  return read
}

async function nothingMoreIsFound(told: Story, back: string): Promise<void> {
  const again = await upload(told)
  assert.deepEqual(again.report.matched, { count: count + 2, paid_in: total, withdrawn: back })
  const balance = told.simulator.ledger.balances()[shortcode]!['Utility Account']! - 100_000
  assert.equal(await books(told), shillings(balance))
}

/** The report of each run says what became of each record. */
async function eachRecordIsExplained({ context }: Story, countsOfRuns: Record<string, number>): Promise<void> {
  for (const [id, recordCount] of Object.entries(countsOfRuns)) {
    const { items } = await context.database.one<{ items: number }>(sql`
      select count(*) as items from reconciliation_items where run_id = ${id.slice(4)}::uuid and length(reason) > 0`)
    assert.equal(items, recordCount)
  }
}

async function shopWasToldOnce({ context }: Story): Promise<void> {
  const events = await context.database.query<{ type: string; count: number }>(sql`
    select type, count(*) from events group by type order by type`)
  assert.deepEqual(events, [
    { type: 'c2b.received', count: byHand.length },
    { type: 'payment.completed', count },
    { type: 'payment.reversed', count: 2 },
    { type: 'refund.completed', count: 2 },
  ])
}

async function countOf({ context }: Story, status: string): Promise<number> {
  const row = await context.database.one<{ count: number }>(sql`
    select count(*) from payments where status = ${status} or (${status} = 'pending' and status = 'created')`)
  return row.count
}

async function books(told: Story): Promise<string> {
  return shillings((await booksOf(told)).lango)
}

function sum(moved: { amount: number }[]): string {
  return shillings(moved.reduce((total, { amount }) => total + amount, 0))
}

function shillings(amount: number): string {
  return amount.toFixed(2)
}
