import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLango, verifyWebhook } from '../../client/index.ts'
import type { Lango } from '../../client/index.ts'
import { scene } from '../../testing/scene.ts'
import type { Scene } from '../../testing/scene.ts'
import { examine } from '../doctor/examine.ts'
import { createNode } from '../node.ts'
import { issueReceipts } from '../receipts/issue.ts'
import { deliverDue } from './deliver.ts'
import { forgetListeners } from './forget-listeners.ts'

const url = 'http://localhost:3000/hook'
const machine = 'laptop-of-amina'

/** A scene with the API as a developer's program sees it, and a listener that has begun. */
function listening(
  plot: (it: Scene & { lango: Lango; id: string; webhook_secret: string }) => Promise<void>,
): Promise<void> {
  return scene(async (it) => {
    const { app } = createNode(it.context)
    const fetch = (to: string, init: RequestInit) => app.request(to, init)
    const lango = createLango({ url: 'http://lango.test', key: it.merchant.key, fetch })
    const { id, webhook_secret } = await lango.webhookListeners.set({ url, machine })
    await plot({ ...it, lango, id, webhook_secret })
  })
}

const took = ({ id: delivery_id, attempt }: { id: string; attempt: number }, status: number | null = 200) => ({
  delivery_id,
  attempt,
  status,
  duration_ms: 12,
})

test('a listener fetches what is posted to others, signed alike, in order, until it has taken it', () =>
  listening(async ({ lango, id, webhook_secret, paid, context, clock }) => {
    const payments = [await paid()]
    await clock.advance('1 second')
    payments.push(await paid())
    assert.equal(await deliverDue(context), 0, 'Nothing is posted to it.')
    const waiting = await lango.webhookListeners.fetch(id)
    const now = clock.now()
    const told = waiting.map(({ body, headers }) => verifyWebhook(body, headers, webhook_secret, { now }))
    assert.deepEqual(
      (await Promise.all(told)).map(({ data }) => (data as { payment_id: string }).payment_id),
      payments.map((payment) => payment.id),
    )
    assert.equal(waiting[0]!.headers['X-Event-Type'], 'payment.completed')
    assert.equal((await lango.webhookListeners.fetch(id)).length, 2, 'Fetching alone changes nothing.')
    for (const each of waiting) {
      const delivery = await lango.webhookListeners.report(id, took(each))
      assert.deepEqual([delivery.status, delivery.attempts, delivery.last_status], ['succeeded', 1, 200])
    }
    assert.deepEqual(await lango.webhookListeners.fetch(id), [])
  }))

test('what failed waits on, is left out on request, and has failed after the tenth attempt', () =>
  listening(async ({ lango, id, paid }) => {
    await paid()
    for (let attempt = 1; attempt <= 10; attempt++) {
      const [waiting] = await lango.webhookListeners.fetch(id)
      assert.equal(waiting!.attempt, attempt)
      assert.deepEqual(await lango.webhookListeners.fetch(id, { except: [waiting!.id] }), [])
      const report = { ...took(waiting!, 500), error: 'The endpoint answered 500.', response: 'Oops' }
      const { status, next_attempt_at } = await lango.webhookListeners.report(id, report)
      assert.deepEqual([status, next_attempt_at], [attempt < 10 ? 'pending' : 'failed', null])
      await lango.webhookListeners.report(id, report)
    }
    assert.deepEqual(await lango.webhookListeners.fetch(id), [])
    const [delivery] = (await lango.deliveries.list().page()).data
    const { history } = await lango.deliveries.get(delivery!.id)
    assert.deepEqual([history.length, history[0]!.response], [10, 'Oops'])
  }))

test('a redelivery reaches a listener: of an event, of a delivery, of a time, and of what was before it', () =>
  listening(async ({ lango, id, paid, clock }) => {
    await paid()
    const [{ id: delivery, event_id }] = await takeAll(lango, id)
    await lango.events.redeliver(event_id)
    assert.equal((await takeAll(lango, id))[0]!.attempt, 2)
    await lango.deliveries.redeliver(delivery)
    assert.equal((await takeAll(lango, id))[0]!.attempt, 3)
    await clock.advance('1 hour')
    await lango.deliveries.redeliverAll({ since: '2020-01-01' })
    assert.equal((await takeAll(lango, id)).length, 1)

    const other = await lango.webhookListeners.set({ url, machine: 'desk-of-otieno' })
    assert.equal(other.waiting, 0)
    await lango.deliveries.redeliverAll({ endpoint_id: other.id, since: '2020-01-01', missed: true })
    assert.equal((await takeAll(lango, other.id))[0]!.event_id, event_id)
  }))

async function takeAll(lango: Lango, id: string) {
  const waiting = await lango.webhookListeners.fetch(id)
  for (const each of waiting) await lango.webhookListeners.report(id, took(each))
  return waiting as [(typeof waiting)[0], ...typeof waiting]
}

test('a listener is found again by its machine and url, with what waits, and a machine has one secret', () =>
  listening(async ({ lango, id, webhook_secret, paid }) => {
    await paid()
    const again = await lango.webhookListeners.set({ url, machine, events: ['payment.*'] })
    assert.deepEqual([again.id, again.waiting, again.is_new], [id, 1, false])
    const elsewhere = await lango.webhookListeners.set({ url: 'http://localhost:5000/hook', machine })
    assert.deepEqual([elsewhere.waiting, elsewhere.is_new], [0, true])
    const other = await lango.webhookListeners.set({ url, machine: 'desk-of-otieno' })
    assert.deepEqual(
      [again, elsewhere, other].map((each) => each.webhook_secret === webhook_secret),
      [true, true, false],
    )
    const both = await Promise.all([1, 2].map(() => lango.webhookListeners.set({ url, machine: 'two-terminals' })))
    assert.equal(both[0]!.id, both[1]!.id)
  }))

test('who waits for an event has it when it happens', () =>
  listening(async ({ lango, id, paid }) => {
    const waiting = lango.webhookListeners.fetch(id, { wait_seconds: 25 })
    await paid()
    assert.equal((await waiting)[0]!.event_type, 'payment.completed')
  }))

test('one that nobody listened at for 30 days is disabled, and misses nothing when it comes back', () =>
  listening(async ({ lango, id, paid, clock, context }) => {
    await paid()
    await clock.advance('29 days')
    await lango.webhookListeners.fetch(id)
    assert.equal(await forgetListeners(context), 0)
    await clock.advance('31 days')
    assert.equal(await forgetListeners(context), 1)
    await paid()
    await assert.rejects(
      lango.webhookListeners.fetch(id),
      /This listener is disabled: Nobody has listened for 30 days\./,
    )
    assert.equal((await lango.webhookListeners.set({ url, machine })).waiting, 2)
    assert.equal((await takeAll(lango, id)).length, 2)
  }))

test('nothing of a listener is overdue, posted, or taken for an address that may be called', () =>
  listening(async ({ lango, id, paid, clock, context, subscribe, shop }) => {
    await subscribe()
    await paid()
    await clock.advance('1 day')
    await deliverDue(context)
    await issueReceipts.run(context)
    const wrong = (await examine(context)).filter(({ state, name }) => state === 'fix' && /due for|deliver/.test(name))
    assert.deepEqual(wrong, [])
    const listener = await lango.webhookEndpoints.get(id)
    assert.deepEqual([listener.machine, listener.paused_until], [machine, null])
    const posted = (await lango.webhookEndpoints.list().page()).data.find((each) => each.url === shop.url)!
    await assert.rejects(lango.webhookListeners.fetch(posted.id), /only a listener fetches/)
    await assert.rejects(lango.webhookEndpoints.test(id), /Nothing is posted to a listener/)
    await assert.rejects(lango.webhookListeners.set({ url: 'localhost:3000', machine }), /written in full/)
    const [delivery] = (await lango.deliveries.list({ endpoint_id: posted.id }).page()).data
    await assert.rejects(lango.webhookListeners.report(id, took({ id: delivery!.id, attempt: 2 })), { status: 404 })
  }))
