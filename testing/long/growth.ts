import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fill } from '../../bench/fill.ts'
import type { Context } from '../../server/context.ts'
import { sql } from '../../server/database/sql.ts'
import type { Sql } from '../../server/database/sql.ts'
import { examineInvariants } from '../../server/doctor/invariants.ts'
import { listMoney } from '../../server/money-in/find.ts'
import { listPayments } from '../../server/payments/find.ts'
import { story } from '../story.ts'

const payments = 40_000
/** The largest merchant has some 24,000 of them. */
const readInVainMax = 6_000

/** What finds nothing, or little that lies long ago: in the order of a list all rows would be read for it. */
const searches = ['ZZZZ', '0199999999', '254799', 'nobodyatall', 'amina zzz', '7777777.77', 'RENT-12', 'T1', 'order-77']
const filters = [
  { min_amount: 7_777_700 },
  { max_amount: 1 },
  { min_amount: 499_900, max_amount: 499_950 },
  { phone: '254199999999' },
  { account_reference: 'NOTHING' },
]

type Node = { 'Rows Removed by Filter'?: number; 'Actual Loops': number; Plans?: Node[] }

/** How many rows a plan has read that are not what was asked for. */
function readInVain(node: Node): number {
  const own = (node['Rows Removed by Filter'] ?? 0) * node['Actual Loops']
  return (node.Plans ?? []).reduce((sum, plan) => sum + readInVain(plan), own)
}

/** The same context, whose questions are explained and not answered. */
function explaining({ database, ...context }: Context): { context: Context; plans: Node[] } {
  const plans: Node[] = []
  const query = async ({ strings: [first, ...rest], values }: Sql) => {
    const asked = { strings: [`explain (analyze, format json) ${first}`, ...rest], values }
    const [row] = await database.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(asked)
    plans.push(row!['QUERY PLAN'][0].Plan)
    return []
  }
  return { context: { ...context, database: { ...database, query } } as Context, plans }
}

test('books that have grown hold, and no search or filter reads them all', () =>
  story({}, async ({ context }) => {
    const [merchant_id] = (await fill(context, { payments })) as [string]
    const wrong = (await examineInvariants(context)).filter(({ state }) => state !== 'ok')
    assert.deepEqual(wrong, [])
    const { count } = await context.database.one<{ count: number }>(sql`select count(*)::int as count from payments`)
    assert.equal(count, payments)

    const asked = [...searches.map((search) => ({ search })), ...filters]
    for (const [noun, list] of [
      ['payments', listPayments],
      ['money', listMoney],
    ] as const)
      for (const filter of asked) {
        const { context: explained, plans } = explaining(context)
        await list(explained, { merchant_id, mode: 'test', filter, limit: 20 })
        const inVain = plans.reduce((sum, plan) => sum + readInVain(plan), 0)
        assert.ok(inVain <= readInVainMax, `${noun} by ${JSON.stringify(filter)} read ${inVain} rows in vain.`)
      }
  }))
