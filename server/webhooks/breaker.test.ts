import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newReference, scene } from '../../testing/scene.ts'
import type { Scene } from '../../testing/scene.ts'
import { openShop } from '../../testing/shop.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Event } from '../events/event.ts'
import { deliveriesDue } from '../events/deliveries.ts'
import { parseId } from '../id.ts'
import { createMerchant } from '../merchants/merchant.ts'
import { always } from '../database/horizon.ts'
import { createEndpoint } from './create-endpoint.ts'
import { createDeliveries, deliverDue } from './deliver.ts'
import { createLoad, limitOfMerchant } from './load.ts'
import { putOff } from './put-off.ts'

const endpointOf = async ({ call }: Scene, id: string) => (await call('GET', `/v1/webhook-endpoints/${id}`)).body.data

/** Orders of payers who pay at once. */
async function payMany({ pay, simulator }: Scene, count: number): Promise<void> {
  for (let made = 0; made < count; made++) await pay({ phone: '0708374149', account_reference: newReference() })
  await simulator.settled()
}

/** How many deliveries have not been attempted yet, and how many of them are due now. */
async function untried({ context, clock }: Scene): Promise<{ untried: number; due: number }> {
  return context.database.one(sql`
    select count(*)::int as untried, (count(*) filter (where attempt_at <= ${clock.now()}))::int as due
    from deliveries where status = 'pending' and attempts = 0`)
}

test('an endpoint that has failed five times in a row is left alone, and then tried with one delivery at a time', () =>
  scene(async (it) => {
    const { id } = await it.subscribe()
    it.shop.answer(500)
    await payMany(it, 12)
    const deliveries = createDeliveries()
    assert.equal(await deliveries.run(it.context), 8)
    await deliveries.settled()
    const paused = await endpointOf(it, id)
    assert.equal(Date.parse(paused.paused_until) - it.clock.now().getTime(), 5_000)
    assert.equal(paused.status, 'enabled')
    assert.equal(await deliveries.run(it.context), 0)

    // What comes meanwhile waits for the next trial, too.
    await payMany(it, 1)
    assert.deepEqual(await untried(it), { untried: 5, due: 4 })
    for (const [seconds, pauseSeconds] of [
      [5, 10],
      [10, 20],
      [20, 40],
      [40, 80],
      [80, 160],
      [160, 300],
      [300, 300],
    ]) {
      await it.clock.advance(`${seconds} s`)
      const before = it.shop.received.length
      while ((await deliveries.run(it.context)) > 0) await deliveries.settled()
      assert.equal(it.shop.received.length - before, 1, `after ${seconds} seconds`)
      const { paused_until } = await endpointOf(it, id)
      assert.equal(Date.parse(paused_until) - it.clock.now().getTime(), pauseSeconds! * 1_000)
    }
  }))

test('an endpoint that is well again is told all that it missed, each once', () =>
  scene(async (it) => {
    const { id } = await it.subscribe()
    it.shop.answer(503)
    await payMany(it, 20)
    const deliveries = createDeliveries()
    while ((await deliveries.run(it.context)) > 0) await deliveries.settled()
    await it.clock.advance('5 s')
    it.shop.answer(200)
    const failed = it.shop.received.length
    assert.equal(failed, 8)
    for (let minutes = 0; minutes < 12; minutes++) {
      while ((await deliveries.run(it.context)) > 0) await deliveries.settled()
      await it.clock.advance('1 minute')
    }
    const told = it.shop.received.slice(failed).map(({ json }) => json.id)
    assert.deepEqual([told.length, new Set(told).size], [20, 20])
    const { paused_until, failing_since } = await endpointOf(it, id)
    assert.deepEqual([paused_until, failing_since], [null, null])
  }))

test('one success among failures keeps an endpoint from being left alone', () =>
  scene(async (it) => {
    const { id } = await it.subscribe()
    let count = 0
    it.shop.answer((response) => response.writeHead(++count % 4 === 0 ? 200 : 500).end())
    for (let round = 0; round < 12; round++) {
      await payMany(it, 1)
      await deliverDue(it.context)
    }
    assert.equal((await endpointOf(it, id)).paused_until, null)
    assert.equal(it.shop.received.length, 12)
  }))

test('a test event that is taken, a redelivery by hand, and a hand that enables it, end the pause at once', () =>
  scene(async (it) => {
    const { id } = await it.subscribe()
    const pause = async () => {
      it.shop.answer(500)
      await payMany(it, 5)
      await deliverDue(it.context)
      assert.ok((await endpointOf(it, id)).paused_until)
      it.shop.answer(200)
    }
    await pause()
    assert.equal((await it.call('POST', `/v1/webhook-endpoints/${id}/test`)).body.data.delivered, true)
    assert.equal((await endpointOf(it, id)).paused_until, null)

    await pause()
    assert.equal(
      (await it.call('PATCH', `/v1/webhook-endpoints/${id}`, { status: 'enabled' })).body.data.paused_until,
      null,
    )

    await pause()
    const before = it.shop.received.length
    const { redelivered } = (await it.call('POST', '/v1/deliveries/redeliver', { status: 'pending' })).body.data
    assert.equal(redelivered, 15)
    assert.equal(await deliverDue(it.context), 15)
    assert.equal(it.shop.received.length - before, 15)
  }))

test('what waits for an endpoint that is left alone stands in the way of nobody', () =>
  scene(async (it) => {
    const healthy = await openShop()
    try {
      const dead = await it.subscribe()
      it.shop.answer((response) => response.destroy())
      await payMany(it, 5)
      await deliverDue(it.context)
      // A thousand that were due before anything else, as after a day in which it was dead.
      await it.context.database.query(sql`
        insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, attempt_at, created_at)
        select merchant_id, gen_random_uuid(), event_id, endpoint_id, gen_random_uuid(), ${it.clock.now()}, created_at
        from (select * from deliveries limit 1) d, generate_series(1, 1000)`)
      await it.subscribe({ url: healthy.url })
      await it.clock.advance('5 s')
      await payMany(it, 3)
      const dones: number[] = []
      const deliveries = createDeliveries()
      while ((await deliveries.run(it.context)) > 0) dones.push(healthy.received.length)
      await deliveries.settled()
      assert.equal(healthy.received.length, 3)
      assert.equal(it.shop.received.length, 5 + 1, 'One of them was the trial.')
      assert.ok((await untried(it)).due <= 1)
      assert.ok(Date.parse((await endpointOf(it, dead.id)).paused_until) > it.clock.now().getTime())
    } finally {
      healthy.close()
    }
  }))

test('what waits for a slow endpoint is put off to about when its turn comes', () =>
  scene(async (it) => {
    const { id } = await it.subscribe()
    await payMany(it, 1)
    await it.context.database.query(sql`
      insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, attempt_at, created_at)
      select merchant_id, gen_random_uuid(), event_id, endpoint_id, gen_random_uuid(), attempt_at, created_at
      from deliveries, generate_series(2, 2000)`)
    const load = createLoad()
    const endpoint = { merchant_id: 'its merchant', endpoint_id: parseId('whe', id)! }
    load.begin(endpoint)
    load.begin(endpoint)
    load.end(endpoint, 4_000)
    await putOff(it.context, load, always)
    const waits = await it.context.database.query<{ seconds: number }>(sql`
      select extract(epoch from attempt_at - ${it.clock.now()}::timestamptz)::float as seconds from deliveries
      where attempt_at > ${it.clock.now()} order by attempt_at`)
    assert.equal(waits.length, 1_996, 'Two seconds are no time: four are left due.')
    assert.deepEqual([waits[0]!.seconds, waits[1]!.seconds, waits.at(-1)!.seconds], [2.5, 3, 300])
  }))

test('what follows an event that is put off is put off with it', () =>
  scene(async (it) => {
    await it.subscribe()
    it.shop.answer(500)
    await payMany(it, 5)
    await deliverDue(it.context)
    // Two events of each payment, and more of them than are put off at once.
    await it.context.database.query(sql`
      with happened as (
        insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
        select e.merchant_id, gen_random_uuid(), e.type, p.subject_id, v, e.mode, e.body, e.created_at
        from (select * from events limit 1) e, (select gen_random_uuid() as subject_id from generate_series(1, 3000)) p,
          generate_series(1, 2) v
        order by random()
        returning id, subject_id
      )
      insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, attempt_at, created_at)
      select d.merchant_id, gen_random_uuid(), h.id, d.endpoint_id, h.subject_id, ${it.clock.now()}, d.created_at
      from (select * from deliveries limit 1) d, happened h`)
    await it.clock.advance('5 s')
    await deliverDue(it.context)
    const [halves] = await it.context.database.query<{ due: number; torn: number }>(sql`
      select (sum(due))::int as due, (count(*) filter (where due = 1))::int as torn from (
        select (count(*) filter (where attempt_at <= ${it.clock.now()})) as due from deliveries
        -- Where one was attempted, the other need not wait with it.
        where attempts = 0 group by subject_id having count(*) = 2
      ) payments`)
    assert.ok(halves!.due > 0, 'Not all could be put off at once.')
    assert.equal(halves!.torn, 0)
  }))

test("all endpoints of one merchant together leave room for another's", () =>
  scene(async (it) => {
    const { context, shop } = it
    for (let count = 0; count < 20; count++) await it.subscribe({ url: `${shop.url}/${count}` })
    await payMany(it, 10)
    const { id: merchant_id } = await createMerchant(context, 'Duka la Pili')
    await createEndpoint(context, { merchant_id, mode: 'test', url: `${shop.url}/theirs` })
    const event = await context.database.one<Event>(
      sql`select * from events where merchant_id = ${it.merchant.id} limit 1`,
    )
    await context.database.query(sql`insert into events ${oneRow<Event>({ ...event, merchant_id })}`)
    await context.database.query(sql`
      ${deliveriesDue(sql`t.created_at`)} from events t, webhook_endpoints w
      where t.merchant_id = ${merchant_id} and w.merchant_id = ${merchant_id}`)

    const posted: string[] = []
    const hanging = {
      ...context,
      guardedFetch: (url: string) => {
        posted.push(new URL(url).pathname)
        return new Promise<never>(() => {})
      },
    }
    const deliveries = createDeliveries()
    while ((await deliveries.run(hanging)) > 0);
    assert.equal(posted.filter((path) => path !== '/hook/theirs').length, limitOfMerchant)
    assert.equal(posted.filter((path) => path === '/hook/theirs').length, 1)
  }))
