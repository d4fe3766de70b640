import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { manualClock } from '../../simulator/index.ts'
import { scene } from '../../testing/scene.ts'
import { sql } from '../database/sql.ts'
import { deliverDue } from './deliver.ts'

test('a merchant with one address sets it without an id, and gets its secret once', () =>
  scene(
    async ({ context, call, clock, shop, paid }) => {
      const set = (input: object = {}) => call('PUT', '/v1/merchant/webhook', { url: shop.url, ...input })
      const made = await set({ events: ['payment.*'], headers: { 'X-A': 'one' }, description: 'Mine' })
      assert.equal(made.status, 201)
      const { webhook_secret: first, ...endpoint } = made.body.data
      assert.deepEqual((await call('GET', `/v1/webhook-endpoints/${endpoint.id}`)).body.data, endpoint)

      await clock.advance('1 s')
      const again = await set()
      assert.equal(again.status, 200)
      const { webhook_secret: second, ...after } = again.body.data
      assert.notEqual(second, first)
      assert.deepEqual([after.id, after.events, after.headers, after.description], [endpoint.id, null, {}, null])
      await paid()
      await deliverDue(context)
      const [post] = shop.received
      for (const secret of [first, second])
        new Webhook(secret).verify(post!.text, post!.headers as Record<string, string>)
      assert.equal((await call('GET', '/v1/webhook-endpoints')).body.data.length, 1)
    },
    { clock: manualClock() },
  ))

test('setting the address enables an endpoint again, leaves others alone, and makes a new one after it was deleted', () =>
  scene(async ({ context, call, shop, subscribe }) => {
    const other = await subscribe({ url: `${shop.url}/other` })
    const set = async () => (await call('PUT', '/v1/merchant/webhook', { url: shop.url })).body.data
    const { id } = await set()
    await call('PATCH', `/v1/webhook-endpoints/${id}`, { status: 'disabled' })
    assert.deepEqual([(await set()).id, (await set()).status], [id, 'enabled'])
    assert.equal((await call('GET', `/v1/webhook-endpoints/${other.id}`)).body.data.url, `${shop.url}/other`)
    await call('DELETE', `/v1/webhook-endpoints/${id}`)
    assert.notEqual((await set()).id, id)
    const actions = await context.database.query<{ action: string }>(
      sql`select action from audit_log where subject = ${id}`,
    )
    assert.equal(actions.filter(({ action }) => action === 'webhook_endpoint.secret_rotated').length, 2)
  }))

test('two who set the address in the same moment set one endpoint', () =>
  scene(async ({ call, shop }) => {
    const set = () => call('PUT', '/v1/merchant/webhook', { url: shop.url })
    const answers = await Promise.all([set(), set(), set(), set()])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 201])
    assert.equal(new Set(answers.map(({ body }) => body.data.id)).size, 1)
    assert.equal((await call('PUT', '/v1/merchant/webhook', { url: 'http://10.0.0.1/' })).body.error.param, 'url')
  }))
