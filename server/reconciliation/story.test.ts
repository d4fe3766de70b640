import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '../../testing/story.ts'
import { concurrently } from '../database/concurrently.ts'
import { sql } from '../database/sql.ts'

const shortcode = '174379'
const count = 500
/** Of those asked to pay, every tenth pays by hand instead, with a reference of their own. */
const paysByHand = (index: number) => index % 10 === 3

test('of 500 payments, a third unheard, some paid by hand and two reversed, no shilling stays unexplained', () =>
  story({ promptLifeMs: 3_600_000 }, async (told) => {
    const { call, simulator, context } = told
    await call('POST', '/v1/mpesa/c2b/register')
    await call('POST', '/v1/reconciliation/mpesa/register', { nominated_number: '0722000000' })
    simulator.faults.set({ seed: 7, rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 / 3 }] })

    const people = Array.from({ length: count }, (_, index) => ({
      index,
      phone: `0711${String(index).padStart(6, '0')}`,
      amount: 100 + index,
    }))
    await concurrently(people, 20, async ({ index, phone, amount }) => {
      simulator.phones.set(phone, { auto: paysByHand(index) ? 'ignore' : 'approve' })
      await told.pay({ phone, amount, account_reference: `INV-${index}` })
      if (paysByHand(index)) await simulator.phones.get(phone).pay({ shortcode, amount, reference: 'My order' })
    })
    await simulator.settled()
    await told.advance('5 minutes')
    const byHand = people.filter(({ index }) => paysByHand(index))
    const { entries } = simulator.ledger
    assert.equal(entries.length, count)
    const pending = await statusesOf('pending')
    assert.ok(pending > byHand.length + 100, `${pending} payments have not been heard of`)

    // By Pull.
    const pulled = (await call('POST', '/v1/reconciliation/runs')).body.data
    assert.equal(pulled.status, 'completed')
    const total = shillings(entries.reduce((sum, { amount }) => sum + amount, 0))
    const handmade = shillings(byHand.reduce((sum, { amount }) => sum + amount, 0))
    assert.deepEqual(pulled.report.records, { count, paid_in: total, withdrawn: '0.00' })
    assert.equal(pulled.report.recovered.count, pending - byHand.length)
    assert.deepEqual(pulled.report.not_found, { count: byHand.length, paid_in: handmade, withdrawn: '0.00' })
    assert.equal(pulled.report.mismatched.count, 0)
    assert.equal(await statusesOf('completed'), count - byHand.length)
    assert.equal(await books(), total)

    // A person gives what was paid by hand to the payment that each record names.
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

    // By statement, after two were reversed at the portal.
    await told.advance('1 minute')
    const reversed = [entries[11]!, entries[222]!]
    for (const { receipt } of reversed)
      await simulator.fetch('/_/reverse', { method: 'POST', body: JSON.stringify({ receipt }) })
    const upload = async () =>
      (await call('POST', '/v1/reconciliation/statements', simulator.statement(), { 'Content-Type': 'text/csv' })).body
        .data
    const read = await upload()
    const back = shillings(reversed.reduce((sum, { amount }) => sum + amount, 0))
    assert.deepEqual(read.report.records, { count: count + 2, paid_in: total, withdrawn: back })
    assert.deepEqual(read.report.matched, { count, paid_in: total, withdrawn: '0.00' })
    assert.deepEqual(read.report.recovered, { count: 2, paid_in: '0.00', withdrawn: back })
    assert.deepEqual(
      [read.report.mismatched.count, read.report.not_found.count, read.report.unknown_to_provider.count],
      [0, 0, 0],
    )
    assert.deepEqual(
      [await statusesOf('completed'), await statusesOf('reversed'), await statusesOf('pending')],
      [count - 2, 2, 0],
    )

    // Nothing is left to find, and the report of each run says what became of each record.
    const again = await upload()
    assert.deepEqual(again.report.matched, { count: count + 2, paid_in: total, withdrawn: back })
    const balance = simulator.ledger.balances()[shortcode]!['Utility Account']! - 100_000
    assert.equal(await books(), shillings(balance))
    for (const { id } of [pulled, read]) {
      const { items } = await context.database.one<{ items: number }>(sql`
        select count(*) as items from reconciliation_items where run_id = ${id.slice(4)}::uuid and length(reason) > 0`)
      assert.equal(items, id === read.id ? count + 2 : count)
    }
    const events = await context.database.query<{ type: string; count: number }>(sql`
      select type, count(*) from events group by type order by type`)
    assert.deepEqual(events, [
      { type: 'c2b.received', count: byHand.length },
      { type: 'payment.completed', count },
      { type: 'payment.reversed', count: 2 },
      { type: 'refund.completed', count: 2 },
    ])

    async function statusesOf(status: string): Promise<number> {
      const row = await context.database.one<{ count: number }>(sql`
        select count(*) from payments where status = ${status} or (${status} = 'pending' and status = 'created')`)
      return row.count
    }

    async function books(): Promise<string> {
      const { cents } = await context.database.one<{ cents: number }>(sql`
        select sum(amount_cents - reversed_cents)::bigint as cents from money_in`)
      return shillings(cents / 100)
    }
  }))

function shillings(amount: number): string {
  return amount.toFixed(2)
}
