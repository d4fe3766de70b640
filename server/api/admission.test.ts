import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { story } from '../../testing/story.ts'
import { createKey } from '../access/key.ts'
import { sql } from '../database/sql.ts'
import { createMerchant } from '../merchants/merchant.ts'

test('while the database does not keep up, whoever asks for most is told to come again, and nobody else; callbacks are taken', () =>
  story({}, async ({ context, call, simulator, pay, payment, merchant }) => {
    const paid = await pay({ amount: 250, phone: '0712000031' })
    const { id: merchant_id } = await createMerchant(context, 'Duka la jirani')
    const { key } = await createKey(context, { merchant_id, name: 'jirani', mode: 'test', scopes: ['payments:read'] })
    const list = (headers?: Record<string, string>) => call('GET', '/v1/payments', undefined, headers)

    const { flood, refused, neighbour } = await context.database.transaction(async (holder) => {
      // Where the tables are spread, it is the part of this merchant that does not keep up.
      await holder.query(sql`select 1 from payments where merchant_id = ${merchant.id} limit 1`)
      await holder.query(sql`lock table payments in access exclusive mode`)
      const asked = Array.from({ length: 150 }, () => list())
      const turnedAway = new Promise<Awaited<ReturnType<typeof list>>>((resolve) => {
        const look = async () => {
          const answer = await Promise.race([list(), wait(20)])
          if (answer) resolve(answer)
          else void look()
        }
        void look()
      })
      // Nobody has been answered but whoever was turned away: all others wait for the table.
      const first = await turnedAway
      simulator.phones.get('0712000031').approve()
      return { flood: asked, refused: first, neighbour: list({ 'X-API-Key': key }) }
    })

    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('Retry-After'), '1')
    assert.match(refused.body.error.message, /Nothing was done; ask again in a second\.$/)
    assert.deepEqual(new Set((await Promise.all([...flood, neighbour])).map(({ status }) => status)), new Set([200]))
    assert.equal((await payment(paid.id)).status, 'completed')
    assert.equal((await list()).status, 200)
  }))
