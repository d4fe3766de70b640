import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import { story } from '../../testing/story.ts'

test('the body that settles a payment is kept byte for byte, and its evidence leads to it', () =>
  story({}, async (told) => {
    const { id } = await told.pay({ phone: '0708374149' })
    assert.equal((await told.payment(id)).status, 'completed')
    const { path, body } = told.lastCallback()
    const text = JSON.stringify({ ...body, Note: 'Duka la Mfano – Kisumu' }, null, 3)
    await told.post(path, text)
    const [first, second] = await told.context.database.query<{ body: Buffer }>(sql`
      select c.body from evidence e join callbacks c on c.merchant_id = e.merchant_id and c.id = e.callback_id order by e.id`)
    assert.match(String(first?.body), /"Value":100\.00}/, 'an amount as Safaricom writes it')
    assert.equal(String(second?.body), text)
  }))
