import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf } from '../../testing/address-of.ts'
import { complaintsOfDoctor } from '../../testing/complaints-of-doctor.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { partitionsBefore } from '../database/partitions.ts'
import { raw, sql } from '../database/sql.ts'

test('bodies of callbacks go with their month when they are older than they are to be kept, and the money stays', () =>
  story({}, async (told) => {
    const { context } = told
    const paid = await told.pay({ phone: '0708374149', amount: 300 })
    assert.equal(await kept(told), 1)
    await pass(told, 400)
    assert.equal(await told.sweep('old callbacks'), 0, 'Nothing is forgotten that nobody asked to forget.')

    context.config.callbacksKeptMonths = 12
    await told.sweep('old callbacks')
    assert.equal(await kept(told), 0)
    const now = await told.payment(paid.id)
    assert.deepEqual([now.status, now.amount_received], ['completed', '300.00'])
    const { body } = await told.call('GET', `/v1/payments/${paid.id}/evidence`)
    assert.deepEqual(
      body.data.map(({ source, raw }: { source: string; raw: string | null }) => [source, raw === null]),
      [
        ['ack', false],
        ['callback', true],
      ],
    )
    assert.deepEqual(await complaintsOfDoctor(context), [])
  }))

test('a month stays while a callback in it waits for somebody to look', () =>
  story({}, async (told) => {
    const { context } = told
    const { id } = await told.pay({ phone: '0712345678' })
    await told.post(addressOf(told, 'payment', id), { hello: 'there' })
    context.config.callbacksKeptMonths = 12
    await pass(told, 400)
    await told.sweep('old callbacks')
    assert.ok((await kept(told)) > 0)

    const { body } = await told.call('GET', '/v1/attention?kind=callback')
    for (const item of body.data) await told.call('POST', `/v1/attention/${item.id}/resolve`, { note: 'looked at' })
    await told.sweep('old callbacks')
    assert.equal(await kept(told), 0)
  }))

test('a month that somebody reads keeps no other from going', () =>
  story({}, async (told) => {
    const { context } = told
    context.config.callbacksKeptMonths = 12
    await pass(told, 450)
    const months = () => partitionsBefore(context.database, 'callbacks', context.clock.now())
    const [oldest] = await months()
    const before = (await months()).length
    await context.database.transaction(async (transaction) => {
      await transaction.query(raw(`lock table ${oldest} in access share mode`))
      await assert.rejects(told.sweep('old callbacks'), { code: '55P03' })
    })
    assert.equal((await months())[0], oldest)
    assert.ok((await months()).length < before)
    await told.sweep('old callbacks')
    assert.notEqual((await months())[0], oldest)
  }))

async function kept({ context }: Story): Promise<number> {
  const { count } = await context.database.one<{ count: number }>(sql`select count(*)::int as count from callbacks`)
  return count
}

/** Lets days pass, the months' partitions made as they come. */
async function pass(told: Story, days: number): Promise<void> {
  for (let passed = 0; passed < days; passed += 50) {
    await told.advance('50 days')
    await told.sweep('partitions')
  }
}
