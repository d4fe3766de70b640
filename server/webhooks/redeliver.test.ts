import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLango } from '../../client/index.ts'
import { scene } from '../../testing/scene.ts'
import type { Scene } from '../../testing/scene.ts'
import { sql } from '../database/sql.ts'
import { deliverDue } from './deliver.ts'

const toldOf = ({ shop }: Scene) => shop.received.map(({ json }) => json.id as string)
/** What was told behind the first three, by age: an id begins with its time, and what is posted at once arrives in any order. */
const againOf = (it: Scene) => toldOf(it).slice(3).sort()

/** Three paid orders an hour apart, all told to the shop; answers the events, the first one first. */
async function threeTold(it: Scene): Promise<string[]> {
  await it.subscribe()
  for (let count = 0; count < 3; count++) {
    await it.paid()
    await it.clock.advance('1 hour')
  }
  await deliverDue(it.context)
  return toldOf(it).sort()
}

test('one delivery is sent again, also when it had succeeded', () =>
  scene(async (it) => {
    const [first] = await threeTold(it)
    const [delivery] = await it.deliveries(`?event_id=${first}`)
    const again = await it.call('POST', `/v1/deliveries/${delivery.id}/redeliver`)
    assert.deepEqual(
      [again.status, again.body.data.status, again.body.data.event_type],
      [200, 'pending', 'payment.completed'],
    )
    assert.equal(await deliverDue(it.context), 1)
    assert.equal(toldOf(it).at(-1), first)
    const history = (await it.call('GET', `/v1/deliveries/${delivery.id}`)).body.data.history
    assert.deepEqual(
      history.map(({ attempt, status }: any) => [attempt, status]),
      [
        [1, 200],
        [2, 200],
      ],
    )
  }))

test('a delivery to an endpoint that is off is not sent again until it is on', () =>
  scene(async (it) => {
    await threeTold(it)
    const [{ id, endpoint_id }] = await it.deliveries()
    await it.call('PATCH', `/v1/webhook-endpoints/${endpoint_id}`, { status: 'disabled' })
    const refused = await it.call('POST', `/v1/deliveries/${id}/redeliver`)
    assert.deepEqual([refused.status, refused.body.error.code], [409, 'conflict'])
    assert.equal((await it.call('POST', '/v1/deliveries/redeliver', { status: 'succeeded' })).body.data.redelivered, 0)
    assert.equal((await it.call('POST', '/v1/deliveries/dlv_0193a6c177b27d0e8f21c4d5e6f70812/redeliver')).status, 404)
  }))

test('all that failed is sent again in one call, and nothing else', () =>
  scene(async (it) => {
    const events = await threeTold(it)
    await it.context.database.query(
      sql`update deliveries set status = 'failed' where id = any (select id from deliveries order by id limit 2)`,
    )
    const again = await it.call('POST', '/v1/deliveries/redeliver', { status: 'failed' })
    assert.deepEqual(again.body.data, { redelivered: 2, has_more: false, next_cursor: null })
    await deliverDue(it.context)
    assert.deepEqual(againOf(it), events.slice(0, 2))
    assert.equal((await it.call('POST', '/v1/deliveries/redeliver', { status: 'failed' })).body.data.redelivered, 0)
    const [line] = await it.context.database.query<{ actor: string; details: any }>(
      sql`select actor, details from audit_log where action = 'deliveries.redelivered' order by id`,
    )
    assert.deepEqual([line!.actor.slice(0, 8), line!.details.status, line!.details.count], ['key:key_', 'failed', 2])
  }))

test('a time window is sent again, whatever became of it', () =>
  scene(async (it) => {
    const events = await threeTold(it)
    const [, second] = (await it.call('GET', '/v1/events')).body.data
    const window = { since: second.created_at, until: it.clock.now().toISOString() }
    assert.equal((await it.deliveries(`?since=${window.since}&until=${window.until}`)).length, 2)
    assert.equal((await it.call('POST', '/v1/deliveries/redeliver', window)).body.data.redelivered, 2)
    await deliverDue(it.context)
    assert.deepEqual(againOf(it), events.slice(1))
  }))

test('what happened while an endpoint was off is told to it when it asks for what it missed', () =>
  scene(async (it) => {
    const began = it.clock.now().toISOString()
    await threeTold(it)
    const { id } = await it.subscribe({ events: ['payment.*'], description: 'made later' })
    await it.subscribe({ events: ['refund.*'] })
    const ask = async (body: object) => (await it.call('POST', '/v1/deliveries/redeliver', body)).body
    assert.equal((await ask({ endpoint_id: id, since: began })).data.redelivered, 0)
    assert.equal((await ask({ endpoint_id: id, since: began, missed: true })).data.redelivered, 3)
    await deliverDue(it.context)
    assert.equal(toldOf(it).length, 6)
    assert.equal((await it.deliveries(`?endpoint_id=${id}`)).length, 3)
    for (const body of [
      { missed: true, status: 'failed', since: began },
      { missed: true, event_id: `evt_${'0'.repeat(32)}` },
    ]) {
      assert.equal((await ask(body)).error.param, 'missed')
    }
  }))

test('more than one call takes of what was missed is sent in several, each once', () =>
  scene(async (it) => {
    const { database } = it.context
    const began = it.clock.now().toISOString()
    await threeTold(it)
    const [event] = await database.query<{ id: string }>(sql`select id from events order by id desc limit 1`)
    // An id begins with its time: these are of the same moment as the last one.
    await database.query(sql`
      insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
      select merchant_id, (left(id::text, 15) || substr(md5(n::text), 1, 3) || '-8' || substr(md5(n::text), 4, 3) || '-' || substr(md5(n::text), 7, 12))::uuid, type,
        md5(n::text)::uuid, 1, mode, body, created_at from events, generate_series(1, 10005) n where id = ${event!.id}`)
    const ask = async (cursor?: string) =>
      (await it.call('POST', '/v1/deliveries/redeliver', { since: began, missed: true, cursor })).body.data
    const first = await ask()
    assert.deepEqual([first.redelivered, first.has_more], [10_000, true])
    assert.ok(first.next_cursor)
    const rest = await ask(first.next_cursor)
    assert.deepEqual(rest, { redelivered: 8, has_more: false, next_cursor: null })
  }))

test('which deliveries are meant must be said, in the words of their list', () =>
  scene(async (it) => {
    await threeTold(it)
    const ask = (body: object) => it.call('POST', '/v1/deliveries/redeliver', body)
    for (const body of [{}, { endpoint_id: (await it.deliveries())[0].endpoint_id }, { type: 'payment.*' }]) {
      const { status, body: answer } = await ask(body)
      assert.equal(status, 400)
      assert.match(answer.error.message, /Say which deliveries/)
    }
    assert.equal((await ask({ status: 'lost' })).status, 400)
    assert.equal((await ask({ status: 'succeeded', type: 'refund.*' })).body.data.redelivered, 0)
    assert.equal((await ask({ status: 'succeeded', type: 'payment.*' })).body.data.redelivered, 3)
    assert.equal((await it.deliveries('?type=payment.completed')).length, 3)
    assert.equal((await it.deliveries('?type=refund.*')).length, 0)
  }))

test('deliveries are listed under the name that others use, too', () =>
  scene(async (it) => {
    await threeTold(it)
    const listed = await it.call('GET', '/v1/webhooks/logs?limit=2&status=succeeded')
    assert.deepEqual(listed.body, (await it.call('GET', '/v1/deliveries?limit=2&status=succeeded')).body)
    assert.equal(listed.body.data.length, 2)
  }))

test('many more than fit into one call are sent again by calls that follow each other', () =>
  scene(async (it) => {
    await it.subscribe()
    await it.paid()
    await it.context.database.query(sql`
      insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, status, created_at)
      select merchant_id, gen_random_uuid(), event_id, endpoint_id, subject_id, 'failed', created_at
      from deliveries, generate_series(1, 12345)`)
    const asked: any[] = []
    const { merchant, call } = it
    const lango = createLango({
      url: 'http://lango.test',
      key: merchant.key,
      async fetch(url, { method, body }) {
        asked.push(JSON.parse(String(body)))
        return Response.json((await call(method!, url.replace('http://lango.test', ''), body as string)).body)
      },
    })
    assert.deepEqual(await lango.deliveries.redeliverAll({ status: 'failed' }), { redelivered: 12_345 })
    assert.equal(asked.length, 2)
    const { count } = await it.context.database.one<{ count: number }>(
      sql`select count(*)::int as count from deliveries where status = 'pending' and attempt_at <= ${it.clock.now()}`,
    )
    assert.equal(count, 12_346)
  }))
