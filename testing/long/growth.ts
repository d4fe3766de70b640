import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '../story.ts'
import { sql } from '../../server/database/sql.ts'
import { examineInvariants } from '../../server/doctor/invariants.ts'
import { fill } from '../../bench/fill.ts'

test('what the bench fills a database with are books that hold', () =>
  story({}, async ({ context }) => {
    const merchants = await fill(context, { payments: 2_000 })
    assert.deepEqual(
      (await examineInvariants(context)).filter(({ state }) => state !== 'ok'),
      [],
    )
    const counts = await context.database.query<{ merchant_id: string; count: number }>(
      sql`select merchant_id, count(*) as count from payments group by 1 order by 2 desc`,
    )
    assert.equal(
      counts.reduce((sum, { count }) => sum + count, 0),
      2_000,
    )
    assert.equal(counts[0]!.merchant_id, merchants[0])
    assert.ok(counts[0]!.count > 1_000)
  }))
