import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scene } from '../../testing/scene.ts'
import { sql } from '../database/sql.ts'
import { eventPatterns, takes } from './event-pattern.ts'

test('a pattern takes one type, all of a noun, or all', () =>
  scene(async ({ context }) => {
    const does = async (patterns: string[] | null, type: string) => {
      const { taken } = await context.database.one<{ taken: boolean }>(
        sql`select ${takes(sql`${patterns}::text[]`, sql`${type}::text`)} as taken`,
      )
      return taken
    }
    for (const patterns of [
      null,
      ['*'],
      ['payment.*'],
      ['payment.completed'],
      ['refund.*', 'payment.*'],
      ['refund.failed', '*'],
    ]) {
      assert.equal(await does(patterns, 'payment.completed'), true, String(patterns))
    }
    for (const patterns of [['payment.failed'], ['refund.*'], ['pay.*'], ['payment'], []]) {
      assert.equal(await does(patterns, 'payment.completed'), false, String(patterns))
    }
  }))

test('an endpoint asks by patterns, and by none that is of no noun', () =>
  scene(async ({ call, shop }) => {
    const make = (events: string[]) => call('POST', '/v1/webhook-endpoints', { url: shop.url, events })
    const { body } = await make(['payment.*', 'c2b.received', '*', 'payment.*'])
    assert.deepEqual(body.data.events, ['payment.*', 'c2b.received', '*'])
    for (const pattern of ['payment', 'payment.', 'pay*', '*.completed', 'nothing.*', '**', '']) {
      const refused = await make([pattern])
      assert.deepEqual([refused.status, refused.body.error.param], [400, 'events.0'], pattern)
    }
    assert.ok(eventPatterns.includes('reconciliation.*'))
  }))
