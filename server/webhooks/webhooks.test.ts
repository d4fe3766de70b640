import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { Webhook } from 'standardwebhooks'
import { manualClock } from '../../simulator/index.ts'
import { newReference, scene } from '../../testing/scene.ts'
import type { Scene } from '../../testing/scene.ts'
import { openShop } from '../../testing/shop.ts'
import type { Shop } from '../../testing/shop.ts'
import { sql } from '../database/sql.ts'
import { startDueLoop } from '../database/due.ts'
import { parseId } from '../id.ts'
import { createDeliveries, deliverDue } from './deliver.ts'

test('a merchant is told of a payment, and can verify that it was Lango', () =>
  scene(
    async ({ context, shop, subscribe, paid, deliveries, call }) => {
      const { webhook_secret, id: endpointId } = await subscribe()
      const { id } = await paid()
      assert.equal(await deliverDue(context), 1)

      const [post, ...more] = shop.received
      assert.ok(post)
      assert.equal(more.length, 0)
      assert.equal(post.json.type, 'payment.completed')
      assert.equal(post.json.data.payment_id, id)
      assert.equal(post.json.data.amount, '100.00')
      assert.equal(post.headers['x-event-type'], 'payment.completed')
      assert.equal(post.headers['webhook-id'], post.json.id)
      assert.equal(post.headers['content-type'], 'application/json')

      const headers = post.headers as Record<string, string>
      assert.deepEqual(new Webhook(webhook_secret).verify(post.text, headers), post.json)
      const signed = `${headers['x-payments-timestamp']}.${post.text}`
      const expected = createHmac('sha256', webhook_secret).update(signed).digest('hex')
      assert.equal(headers['x-payments-signature'], `sha256=${expected}`)

      const [delivery] = await deliveries()
      assert.equal(delivery.status, 'succeeded')
      assert.equal(delivery.endpoint_id, endpointId)
      assert.equal(delivery.attempts, 1)
      assert.equal(delivery.last_status, 200)
      assert.equal(delivery.next_attempt_at, null)
      const one = (await call('GET', `/v1/deliveries/${delivery.id}`)).body.data
      const [{ attempt, status, error, response }, ...others] = one.history
      assert.deepEqual([attempt, status, error, response, others.length], [1, 200, null, 'thanks', 0])
      const event = (await call('GET', `/v1/events/${post.json.id}`)).body.data
      assert.deepEqual(event, post.json)
      assert.equal(await deliverDue(context), 0)
    },
    { clock: manualClock() },
  ))

test('an endpoint is told of the events that it asked for, and no others', () =>
  scene(async ({ context, shop, subscribe, paid }) => {
    await subscribe({ events: ['payment.failed', 'refund.completed'] })
    await paid()
    assert.equal(await deliverDue(context), 0)
    assert.equal(shop.received.length, 0)
  }))

test('a shop that answers 500 is asked again by the schedule, ten times in all', () =>
  scene(async ({ context, clock, shop, subscribe, paid, deliveries }) => {
    await subscribe()
    await paid()
    shop.answer(500)
    const delays = [
      '6 s',
      '6 minutes',
      '33 minutes',
      '132 minutes',
      '330 minutes',
      '11 hours',
      '924 minutes',
      '22 hours',
      '1584 minutes',
    ]
    assert.equal(await deliverDue(context), 1)
    for (const delay of delays) {
      assert.equal(await deliverDue(context), 0)
      await clock.advance(delay)
      assert.equal(await deliverDue(context), 1, delay)
    }
    const [delivery] = await deliveries()
    assert.equal(delivery.status, 'failed')
    assert.equal(delivery.attempts, 10)
    assert.equal(delivery.last_error, 'The endpoint answered 500.')
    assert.equal(new Set(shop.received.map(({ json }) => json.id)).size, 1)
    assert.equal(new Set(shop.received.map(({ headers }) => headers['webhook-id'])).size, 1)
    assert.equal(new Set(shop.received.map(({ headers }) => headers['webhook-timestamp'])).size, 10)
    await clock.advance('48 hours')
    assert.equal(await deliverDue(context), 0)
  }))

test('a delivery that fails at first succeeds later', () =>
  scene(async ({ context, clock, shop, subscribe, paid, deliveries, call }) => {
    await subscribe()
    await paid()
    shop.answer((response) => response.destroy())
    await deliverDue(context)
    const [failing] = await deliveries('?status=pending')
    assert.equal(failing.last_error, 'The connection was cut before an answer came.')
    assert.equal(failing.last_status, null)
    shop.answer(204)
    await clock.advance('6 s')
    assert.equal(await deliverDue(context), 1)
    const [delivered] = await deliveries('?status=succeeded')
    assert.equal(delivered.attempts, 2)
    const [endpoint] = (await call('GET', '/v1/webhook-endpoints')).body.data
    assert.equal(endpoint.failing_since, null)
  }))

test('a redirect is not followed and counts as a failure', () =>
  scene(async ({ context, shop, subscribe, paid, deliveries }) => {
    await subscribe()
    await paid()
    shop.answer((response) => response.writeHead(302, { Location: shop.url }).end())
    assert.equal(await deliverDue(context), 1)
    assert.equal(shop.received.length, 1)
    assert.equal((await deliveries())[0].last_error, 'The endpoint answered 302.')
  }))

test('once an account is live, nothing is sent to the machine itself', () =>
  scene(async ({ context, shop, subscribe, paid, deliveries }) => {
    await subscribe()
    await paid()
    await context.database.query(sql`update provider_accounts set environment = 'live'`)
    await deliverDue(context)
    assert.equal(shop.received.length, 0)
    assert.equal((await deliveries())[0].last_error, '127.0.0.1 is not a public address.')
  }))

test('Retry-After puts the next attempt off', () =>
  scene(async ({ context, clock, shop, subscribe, paid }) => {
    await subscribe()
    await paid()
    shop.answer((response) => response.writeHead(429, { 'Retry-After': '600' }).end())
    await deliverDue(context)
    await clock.advance('590 s')
    assert.equal(await deliverDue(context), 0)
    await clock.advance('71 s')
    assert.equal(await deliverDue(context), 1)
  }))

test('410 disables the endpoint at once, and what waits for it is not sent', () =>
  scene(async ({ context, clock, shop, subscribe, paid, deliveries, call }) => {
    const { id } = await subscribe()
    await paid()
    shop.answer(500)
    await deliverDue(context)
    await clock.advance('1 s')
    await paid()
    shop.answer(410)
    await deliverDue(context)
    const endpoint = (await call('GET', `/v1/webhook-endpoints/${id}`)).body.data
    assert.equal(endpoint.status, 'disabled')
    assert.equal(endpoint.disabled_because, 'It answered 410 Gone.')
    await clock.advance('10 minutes')
    await deliverDue(context)
    assert.equal(shop.received.length, 2)
    const [gone, waiting] = await deliveries()
    assert.equal(gone.last_error, 'The endpoint answered 410.')
    assert.deepEqual([waiting.status, waiting.attempts], ['failed', 1])
    assert.equal(waiting.last_error, 'Not sent: the endpoint is disabled.')
    const notices = await context.database.query<{ actor: string; details: unknown }>(
      sql`select actor, details from audit_log where action = 'webhook_endpoint.disabled'`,
    )
    assert.deepEqual(notices, [{ actor: 'lango', details: { because: 'It answered 410 Gone.' } }])

    shop.answer(200)
    await call('PATCH', `/v1/webhook-endpoints/${id}`, { status: 'enabled' })
    await paid()
    assert.equal(await deliverDue(context), 1)
  }))

test('five days of failure disable an endpoint, with a notice', () =>
  scene(async ({ context, clock, shop, subscribe, paid, call }) => {
    const { id } = await subscribe()
    shop.answer(503)
    const status = async () => {
      await paid()
      await deliverDue(context)
      return (await call('GET', `/v1/webhook-endpoints/${id}`)).body.data.status
    }
    assert.equal(await status(), 'enabled')
    await clock.advance('119 hours')
    assert.equal(await status(), 'enabled')
    await clock.advance('1 hour')
    assert.equal(await status(), 'disabled')
    const { details } = await context.database.one<{ details: unknown }>(
      sql`select details from audit_log where action = 'webhook_endpoint.disabled'`,
    )
    assert.deepEqual(details, { because: 'It has failed for 5 days.' })
  }))

test('one success ends a row of failures', () =>
  scene(async ({ context, clock, shop, subscribe, paid, call }) => {
    const { id } = await subscribe()
    const attempt = async (answer: number) => {
      shop.answer(answer)
      await paid()
      await deliverDue(context)
    }
    await attempt(500)
    await clock.advance('100 hours')
    await attempt(200)
    await clock.advance('100 hours')
    await attempt(500)
    const endpoint = (await call('GET', `/v1/webhook-endpoints/${id}`)).body.data
    assert.equal(endpoint.status, 'enabled')
    assert.ok(endpoint.failing_since)
  }))

/** A payment that fails and then, late, succeeds: two events, of which both are due. */
async function failedThenPaid({ context, pay, merchant }: Scene): Promise<string> {
  const { id } = await pay()
  const uuid = parseId('pay', id)
  for (const [version, type] of [
    [1, 'payment.failed'],
    [2, 'payment.completed'],
  ] as const) {
    // The second event's id and time lie before the first's, as they may where two nodes tell: only the version counts.
    const eventId = `0193a6c1-77b2-7d0e-8f21-${String(9 - version).padStart(12, '0')}`
    await context.database.query(sql`
      insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
      select merchant_id, ${eventId}::uuid, ${type}::text, id, ${version}::int, 'test', ${JSON.stringify({ type, version })}::text, created_at
      from payments where merchant_id = ${merchant.id} and id = ${uuid}`)
    await context.database.query(sql`
      insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, attempt_at, created_at)
      select t.merchant_id, gen_random_uuid(), t.id, w.id, t.subject_id, t.created_at, t.created_at
      from events t join webhook_endpoints w using (merchant_id) where t.merchant_id = ${merchant.id} and t.id = ${eventId}`)
  }
  return id
}

test('the first attempts of one payment are made in its order, one after the other', () =>
  scene(async (it) => {
    await it.subscribe()
    await failedThenPaid(it)
    const first = heldPost(it.shop)
    const deliveries = createDeliveries()
    assert.equal(await deliveries.run(it.context), 1)
    // The first is on its way, and not yet answered.
    assert.equal(await deliveries.run(it.context), 0)
    await first.answer()
    await deliveries.settled()
    assert.equal(await deliveries.run(it.context), 1)
    await deliveries.settled()
    assert.deepEqual(
      it.shop.received.map(({ json }) => json.type),
      ['payment.failed', 'payment.completed'],
    )
  }))

test('while nothing waits for it, the end of a post is no reason to look for more', () =>
  scene(async ({ context, subscribe, paid }) => {
    await subscribe()
    await paid()
    const woken = countWakes(context)
    const deliveries = createDeliveries()
    assert.equal(await deliveries.run(context), 1)
    await deliveries.settled()
    assert.equal(woken(), 0)
  }))

test('while a later event waits for it, the end of a post is a reason to look again', () =>
  scene(async (it) => {
    await it.subscribe()
    await failedThenPaid(it)
    const woken = countWakes(it.context)
    const first = heldPost(it.shop)
    const deliveries = createDeliveries()
    assert.equal(await deliveries.run(it.context), 1)
    assert.equal(await deliveries.run(it.context), 0)
    const before = woken()
    await first.answer()
    await deliveries.settled()
    assert.equal(woken(), before + 1)
  }))

test('an event that is found waiting for a post which ended meanwhile is looked for again', () =>
  scene(async (it) => {
    await it.subscribe()
    await failedThenPaid(it)
    const { context } = it
    const shift = (by: string) =>
      context.database.query(sql`
        update deliveries d set attempt_at = attempt_at + ${by}::interval from events e
        where d.merchant_id = ${it.merchant.id} and e.merchant_id = d.merchant_id and e.id = d.event_id and e.version = 2`)
    await shift('1 hour')
    const first = heldPost(it.shop)
    const woken = countWakes(context)
    const deliveries = createDeliveries()
    assert.equal(await deliveries.run(context), 1)
    await shift('-1 hour')
    const late: typeof context.database.eachPart = async (work) => {
      const answers = await context.database.eachPart(work)
      await first.answer()
      await deliveries.settled()
      return answers
    }
    assert.equal(woken(), 0)
    assert.equal(await deliveries.run({ ...context, database: { ...context.database, eachPart: late } }), 0)
    assert.equal(woken(), 1)
  }))

/** The shop's next post is answered by hand, and those that follow at once. */
function heldPost(shop: Shop): { answer: () => Promise<void> } {
  const held = Promise.withResolvers<ServerResponse>()
  shop.answer((response) => {
    shop.answer(200)
    held.resolve(response)
  })
  return { answer: async () => void (await held.promise).end() }
}

function countWakes({ signals }: Scene['context']): () => number {
  let count = 0
  signals.onWake((name) => void (name === 'deliveries' && count++))
  return () => count
}

test('an event in retry does not hold back later ones of its payment', () =>
  scene(async (it) => {
    await it.subscribe()
    await failedThenPaid(it)
    it.shop.answer((response, { json }) => response.writeHead(json.type === 'payment.failed' ? 500 : 200).end())
    assert.equal(await deliverDue(it.context), 2)
    await it.clock.advance('6 s')
    assert.equal(await deliverDue(it.context), 1)
    assert.deepEqual(
      it.shop.received.map(({ json }) => json.type),
      ['payment.failed', 'payment.completed', 'payment.failed'],
    )
  }))

test('nodes that share the work send nothing twice', () =>
  scene(async ({ context, shop, subscribe, pay, simulator }) => {
    await subscribe()
    for (let count = 0; count < 40; count++) await pay({ phone: '0708374149', account_reference: newReference() })
    await simulator.settled()
    const sent = await Promise.all([deliverDue(context), deliverDue(context), deliverDue(context)])
    assert.equal(
      sent.reduce((left, right) => left + right),
      40,
    )
    assert.equal(shop.received.length, 40)
    assert.equal(new Set(shop.received.map(({ json }) => json.id)).size, 40)
  }))

test('what a dead node had claimed is sent after its lease', () =>
  scene(async ({ context, clock, shop, subscribe, paid }) => {
    await subscribe()
    await paid()
    const dead = createDeliveries()
    const died = { ...context, guardedFetch: () => new Promise<never>(() => {}) }
    assert.equal(await dead.run(died), 1)
    assert.equal(await deliverDue(context), 0)
    await clock.advance('61 s')
    assert.equal(await deliverDue(context), 1)
    assert.equal(shop.received.length, 1)
  }))

test('a shop that never answers holds up nobody else', () =>
  scene(async ({ context, clock, shop, subscribe, pay, simulator }) => {
    const other = await openShop()
    try {
      const slow = await subscribe()
      for (let count = 0; count < 20; count++) await pay({ phone: '0708374149', account_reference: newReference() })
      await simulator.settled()
      const hanging: (() => void)[] = []
      shop.answer((response) => hanging.push(() => response.end()))
      const deliveries = createDeliveries()
      // A shop that is not known yet gets eight at once.
      assert.equal(await deliveries.run(context), 8)
      assert.equal(await deliveries.run(context), 0)

      await subscribe({ url: other.url })
      await pay({ phone: '0708374149', account_reference: newReference() })
      await simulator.settled()
      assert.equal(await deliveries.run(context), 1)
      while (hanging.length < 8 || other.received.length < 1) await new Promise(setImmediate)

      await clock.advance('2 s')
      hanging.splice(0).forEach((answer) => answer())
      await deliveries.settled()
      assert.equal(await deliveries.run(context), 8, 'A slow shop is given no more than that.')
      while (hanging.length < 8) await new Promise(setImmediate)
      hanging.splice(0).forEach((answer) => answer())
      await deliveries.settled()
      assert.equal(await deliveries.run(context), 5, 'Of 21 events 16 were sent before.')
      while (hanging.length < 5) await new Promise(setImmediate)
      hanging.splice(0).forEach((answer) => answer())
      await deliveries.settled()
      assert.ok(slow.id)
    } finally {
      other.close()
    }
  }))

test('the sweep is woken by a payment, and what is under way ends before the node does', () =>
  scene(async ({ context, shop, subscribe, paid, deliveries: list }) => {
    await subscribe()
    const deliveries = createDeliveries()
    const loop = startDueLoop(context, [{ ...deliveries, everyMs: 3_600_000 }])
    const arrived = new Promise<void>((resolve) =>
      shop.answer((response) => {
        resolve()
        setTimeout(() => response.end(), 50)
      }),
    )
    await paid()
    await arrived
    await loop.stop()
    await deliveries.settled()
    assert.equal((await list())[0].status, 'succeeded')
  }))

test('an event is sent again by hand, also to an endpoint that was made since', () =>
  scene(async ({ context, shop, subscribe, paid, call, deliveries }) => {
    const first = await subscribe()
    await paid()
    await deliverDue(context)
    const second = await subscribe({ events: ['payment.completed'] })
    await subscribe({ events: ['payment.failed'] })
    const eventId = shop.received[0]!.json.id
    const again = await call('POST', `/v1/events/${eventId}/redeliver`)
    assert.equal(again.status, 200)
    const due = again.body.data.map((delivery: any) => [delivery.endpoint_id, delivery.status, delivery.event_type])
    assert.equal(due.length, 2)
    for (const { id } of [first, second]) {
      assert.ok(due.some((one: string[]) => isDeepStrictEqual(one, [id, 'pending', 'payment.completed'])))
    }
    assert.equal(await deliverDue(context), 2)
    assert.deepEqual(
      shop.received.map(({ json }) => json.id),
      [eventId, eventId, eventId],
    )
    assert.deepEqual(
      (await deliveries(`?endpoint_id=${first.id}`)).map((d: any) => [d.status, d.attempts]),
      [['succeeded', 2]],
    )

    const toOne = await call('POST', `/v1/events/${eventId}/redeliver`, { endpoint_id: second.id })
    assert.equal(toOne.body.data.length, 1)
    assert.equal(await deliverDue(context), 1)
    assert.equal((await deliveries(`?event_id=${eventId}`)).length, 2)
  }))

test('a delivery whose schedule has ended gets one more attempt by hand', () =>
  scene(async ({ context, shop, subscribe, paid, call, deliveries }) => {
    await subscribe()
    await paid()
    await context.database.query(sql`update deliveries set attempts = 10, status = 'failed', attempt_at = null`)
    shop.answer(500)
    const [{ event_id }] = await deliveries()
    await call('POST', `/v1/events/${event_id}/redeliver`)
    assert.equal(await deliverDue(context), 1)
    const [delivery] = await deliveries()
    assert.deepEqual([delivery.status, delivery.attempts, delivery.next_attempt_at], ['failed', 11, null])
  }))

test('redelivery with nobody to tell is a conflict that says so', () =>
  scene(async ({ context, subscribe, paid, call, deliveries }) => {
    const { id } = await subscribe()
    await paid()
    await deliverDue(context)
    const [{ event_id }] = await deliveries()
    await call('DELETE', `/v1/webhook-endpoints/${id}`)
    const again = await call('POST', `/v1/events/${event_id}/redeliver`)
    assert.equal(again.status, 409)
    assert.match(again.body.error.message, /No enabled webhook endpoint asks for payment.completed/)
    const named = await call('POST', `/v1/events/${event_id}/redeliver`, { endpoint_id: id })
    assert.equal(named.status, 404)
    assert.equal(named.body.error.param, 'endpoint_id')
  }))

test('an endpoint that was deleted is told nothing more, and its history stays', () =>
  scene(async ({ context, shop, subscribe, paid, call, deliveries }) => {
    const { id } = await subscribe()
    await paid()
    assert.deepEqual((await call('DELETE', `/v1/webhook-endpoints/${id}`)).body.data, { id, deleted: true })
    await paid()
    await deliverDue(context)
    assert.equal(shop.received.length, 0)
    const all = await deliveries()
    assert.deepEqual(
      all.map((d: any) => [d.status, d.last_error]),
      [['failed', 'Not sent: the endpoint is deleted.']],
    )
    assert.equal((await call('GET', `/v1/webhook-endpoints/${id}`)).status, 404)
  }))

test('for a day after a rotation both secrets sign, then only the new one', () =>
  scene(async ({ context, clock, shop, subscribe, paid, call }) => {
    const { id, webhook_secret: before } = await subscribe()
    const rotated = await call('POST', `/v1/webhook-endpoints/${id}/rotate-secret`)
    assert.equal(rotated.status, 200)
    const after = rotated.body.data.webhook_secret
    assert.notEqual(after, before)
    await paid()
    await deliverDue(context)
    await clock.advance('24 hours')
    await paid()
    await deliverDue(context)

    const [during, later] = shop.received
    assert.equal(during!.headers['x-payments-signature'], plainly(during!, after))
    assert.equal(during!.headers['x-payments-signature-previous'], plainly(during!, before))
    assert.equal(String(during!.headers['webhook-signature']).split(' ').length, 2)
    assert.equal(later!.headers['x-payments-signature'], plainly(later!, after))
    assert.equal(later!.headers['x-payments-signature-previous'], undefined)
    assert.equal(String(later!.headers['webhook-signature']).split(' ').length, 1)
  }))

function plainly({ headers, text }: Shop['received'][number], secret: string): string {
  const signed = `${String(headers['x-payments-timestamp'])}.${text}`
  return `sha256=${createHmac('sha256', secret).update(signed).digest('hex')}`
}
