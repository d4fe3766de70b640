import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../testing/database.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { createSignals } from '../signals.ts'
import { startDueLoop } from './due.ts'
import { always, createHorizon } from './horizon.ts'
import { connect } from './connect.ts'
import { raw, sql } from './sql.ts'

const now = new Date('2026-12-01T09:00:00Z')
const queue = { table: 'work', column: 'due_at' }

test('what can be due begins a little before the oldest of a queue, and a little before now where nothing is due', async () => {
  const { url, drop } = await createTestDatabase()
  const database = connect(url)
  const horizon = () => createHorizon(queue)({ database, clock: { now: () => now } } as unknown as Context)
  const add = (at: Date) => database.query(sql`insert into work values (${at})`)
  try {
    await database.query(raw('create table work (due_at timestamptz)'))
    assert.deepEqual(await horizon(), later(now, -10_000))
    await add(later(now, 60_000))
    assert.deepEqual(await horizon(), later(now, -10_000))
    await add(later(now, -3_600_000))
    assert.deepEqual(await horizon(), later(now, -3_610_000))
  } finally {
    await database.end()
    await drop()
  }
})

test('a sweep with a queue is told since when anything can be due, and the database is not asked for it at each turn', async () => {
  const oldest = later(now, -3_600_000)
  let asked = 0
  const database = { one: async () => ({ oldest: (asked++, oldest) }) }
  const context = { database, clock: { now: () => now }, signals: createSignals() } as unknown as Context
  const told: (Date | undefined)[] = []
  const done = Promise.withResolvers<void>()
  const run = async (_: Context, since?: Date) => {
    if (told.push(since) === 6) done.resolve()
    return 0
  }
  const loop = startDueLoop(context, [
    { name: 'many', everyMs: 1, queue, run },
    { name: 'few', everyMs: 600_000, run },
  ])
  await done.promise
  await loop.stop()
  assert.equal(asked, 1)
  assert.deepEqual(new Set(told), new Set([later(oldest, -10_000), always]))
})
