import assert from 'node:assert/strict'
import { dayLater, dayOf } from '../day.ts'
import { test } from 'node:test'
import { addressOf } from '../../testing/address-of.ts'
import { stkCallback } from '../../testing/stk-callback.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { findFigures } from '../dashboard/overview/figures.ts'
import type { Figures } from '../dashboard/overview/figures.ts'
import { readPeriod } from '../dashboard/overview/period.ts'
import { sql } from '../database/sql.ts'

const periods: [ago: number, length: number][] = [
  [0, 1],
  [0, 7],
  [3, 7],
  [0, 30],
  [0, 90],
]

/** What the overview says of several times, by what is added up; and whether that is just what the rows say. */
async function compare({ context, merchant }: Story): Promise<{ count: number; returned: number }> {
  const whose = { merchant_id: merchant.id, mode: 'test' as const }
  const now = context.clock.now()
  const figures = async (context: Story['context']) => {
    const all: Figures[] = []
    for (const [ago, length] of periods) {
      const until = dayLater(dayOf(now), -ago)
      all.push(await findFigures(context, whose, readPeriod({ from: dayLater(until, 1 - length), until }, now)))
    }
    return all
  }
  const bySums = await figures(context)
  const summed = await context.database.one<{ count: number; returned: number }>(
    sql`select coalesce(sum(count), 0)::int as count, coalesce(sum(returned_cents), 0)::bigint as returned from day_money`,
  )
  // Without knowing that days are added up, all of it is read by its rows.
  await assert.rejects(
    context.database.transaction(async (database) => {
      await database.query(sql`update day_progress set summed_until = null, looked_until = null`)
      assert.deepEqual(bySums, await figures({ ...context, database: { ...context.database, ...database } }))
      throw new Error('compared')
    }),
    /^Error: compared$/,
  )
  return summed
}

/** Adds up whatever is due, until nothing is. */
async function addUp({ sweep }: Story): Promise<void> {
  while ((await sweep('days')) > 0);
}

test('a time that is added up by its days is what its payments say, also when a day changes after it was added up', () =>
  story({}, async (told) => {
    const { pay, payment, simulator, advance, call } = told
    const paid: string[] = []
    const late: { id: string; provider_ref: string }[] = []
    for (const days of [40, 3, 2, 1, 1, 1]) {
      const { id } = await pay({ amount: 100 + days })
      await told.clock.advance('7 seconds')
      simulator.phones.get('0712345678').approve()
      await payment(id)
      paid.push(id)
      const failed = await pay({ phone: '0799000120', amount: 33 })
      await told.post(addressOf(told, 'payment', failed.id), stkCallback(failed.provider_ref, { code: 1037 }))
      late.push(failed)
      await advance(`${days * 24} hours`)
    }
    await pay({ amount: 5, phone: '0722000111' })
    assert.deepEqual(await compare(told), { count: 0, returned: 0 }, 'Nothing is added up yet.')
    await addUp(told)
    assert.deepEqual(await compare(told), { count: paid.length, returned: 0 })

    await call('POST', '/v1/refunds', { payment_id: paid[1], amount: 50 })
    await call('POST', '/v1/refunds', { payment_id: paid[2], amount: 102 })
    await simulator.settled()
    await told.post(addressOf(told, 'payment', late[3]!.id), stkCallback(late[3]!.provider_ref, { amount: 33 }))
    await advance('20 minutes')
    await addUp(told)
    assert.deepEqual(await compare(told), { count: paid.length, returned: 15_200 })
    assert.deepEqual(await kept(told, 'completed'), paid.length, 'One is reversed, and one that had failed is paid.')
    assert.deepEqual(await kept(told, 'reversed'), 1)
  }))

async function kept({ context }: Story, status: string): Promise<number> {
  const { count } = await context.database.one<{ count: number }>(
    sql`select coalesce(sum(count), 0)::int as count from day_outcomes where status = ${status}`,
  )
  return count
}
