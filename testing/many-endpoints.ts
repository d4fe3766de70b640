import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { rows } from '../server/database/columns.ts'
import { startDueLoop } from '../server/database/due.ts'
import { sql } from '../server/database/sql.ts'
import { tell } from '../server/events/tell.ts'
import { newId, showId } from '../server/id.ts'
import { createDeliveries } from '../server/webhooks/deliver.ts'
import type { Deliveries } from '../server/webhooks/deliver.ts'
import { openNameServer } from './name-server.ts'
import type { NameServer } from './name-server.ts'
import { openShop } from './shop.ts'
import type { Received, Shop } from './shop.ts'
import { story } from './story.ts'
import type { Story } from './story.ts'

const healthyCount = 16

/** Milliseconds from an event to its arrival at an endpoint that is well: the usual, the slowest in a hundred, and all of it. */
export type Figures = { p50Ms: number; p99Ms: number; tookMs: number }

/** The endpoints of a merchant. */
type Town = {
  healthy: Shop[]
  /** One hangs, one cuts its connections, one answers 500, one redirects to `inside`. */
  ill: Shop[]
  inside: Shop
  nameServer: NameServer
  /** From now on the ill ones are well. */
  heal(): void
}

/**
 * Tells of events, two of each payment, so many at once, to 20 endpoints. Sixteen are well: they must get each event once, and those
 * of a payment in order, while the others fail. These must get each once when they are well again. Nobody goes where a redirect
 * leads.
 */
export function tellManyEndpoints(count: number, { atOnce = 50, pauseMs = 0 } = {}): Promise<Figures> {
  return town(async (told, { healthy, ill, inside, nameServer, heal }) => {
    const deliveries = createDeliveries()
    const loop = startDueLoop(told.context, [deliveries])
    try {
      const figures = await measured(healthy, count, async (happened) => {
        for (let sofar = 0; sofar < count; sofar += atOnce) {
          await happen(told, Math.min(atOnce, count - sofar), happened)
          await pause(pauseMs)
        }
      })
      for (const { received } of healthy) assertEachOnceInOrder(received, count)
      for (const { received } of ill) assert.ok(received.length < count, 'Whoever fails is asked less and less.')

      heal()
      await loop.stop()
      for (const { received } of ill) received.splice(0)
      for (let minutes = 0; minutes < 24 * 60 && ill.some(({ received }) => received.length < count); minutes += 10) {
        await told.clock.advance('10 minutes')
        await rest(told, deliveries)
      }
      for (const { received } of ill) assertEachOnce(received, count)
      assert.equal(inside.received.length, 0)
      assert.ok(!nameServer.asked.includes('inside.example'))
      return figures
    } finally {
      heal()
      await loop.stop()
    }
  })
}

/** A story with endpoints under names of their own, on an installation that may reach its own machine. */
async function town<Answer>(plot: (told: Story, town: Town) => Promise<Answer>): Promise<Answer> {
  const nameServer = await openNameServer()
  const shops = await Promise.all(Array.from({ length: healthyCount + 5 }, openShop))
  const [inside, hanging, cutting, failing, redirecting, ...healthy] = shops as [
    Shop,
    Shop,
    Shop,
    Shop,
    Shop,
    ...Shop[],
  ]
  const ill = [hanging, cutting, failing, redirecting]
  const held: ServerResponse[] = []
  hanging.answer((response) => held.push(response))
  cutting.answer((response) => response.socket?.resetAndDestroy())
  failing.answer(500)
  redirecting.answer((response) =>
    response.writeHead(307, { Location: inside.url.replace('127.0.0.1', 'inside.example') }).end(),
  )
  const heal = () => {
    for (const shop of ill) shop.answer(200)
    for (const response of held.splice(0)) response.destroy()
  }
  let answer: Answer | undefined
  try {
    await story({ nameServers: [nameServer.address] }, async (told) => {
      told.context.config.publicUrl = 'http://localhost:4000'
      nameServer.says('inside.example', { addresses: ['127.0.0.1'] })
      for (const [index, shop] of [...ill, ...healthy].entries()) {
        nameServer.says(`shop-${index}.example`, { addresses: ['127.0.0.1'], ttl: 60 })
        const url = shop.url.replace('127.0.0.1', `shop-${index}.example`)
        assert.equal((await told.call('POST', '/v1/webhook-endpoints', { url })).status, 201)
      }
      answer = await plot(told, { healthy, ill, inside, nameServer, heal })
    })
  } finally {
    nameServer.close()
    for (const shop of shops) shop.close()
  }
  return answer!
}

/** Payments that fail and are then completed, late: two events of each. `happened` is told the ids. */
async function happen({ context, merchant }: Story, count: number, happened: (id: string) => void): Promise<void> {
  const now = context.clock.now()
  const news = Array.from({ length: count / 2 }, () => newId(now)).flatMap((id) =>
    [
      { id, status: 'failed', version: 1 },
      { id, status: 'completed', version: 2 },
    ].map((change) => ({
      ...change,
      merchant_id: merchant.id,
      environment: 'simulator',
      event_id: newId(now),
      at: now,
    })),
  )
  for (const { event_id } of news) happened(showId('evt', event_id))
  await context.database.query(sql`
    with f as (
      select * from ${rows(news, 'n', {
        merchant_id: 'uuid',
        id: 'uuid',
        status: 'text',
        version: 'int',
        environment: 'text',
        event_id: 'uuid',
        at: 'timestamptz',
      })}
    ),
    ${tell({
      noun: 'payment',
      from: sql`f join f s on s.event_id = f.event_id`,
      data: sql`json_build_object('payment_id', s.id, 'version', s.version)`,
    })}
    select`)
  context.signals.wake('deliveries')
}

/** Waits until each shop has received so many, and answers how long they took from the event to the shop. */
async function measured(
  shops: Shop[],
  count: number,
  plot: (happened: (id: string) => void) => Promise<void>,
): Promise<Figures> {
  const began = performance.now()
  const happenedAt = new Map<string, number>()
  const took: number[] = []
  const all = Promise.withResolvers<void>()
  for (const shop of shops) {
    shop.answer((response, { json }) => {
      took.push(performance.now() - happenedAt.get(json.id)!)
      response.end('thanks')
      if (took.length === count * shops.length) all.resolve()
    })
  }
  await plot((id) => void happenedAt.set(id, performance.now()))
  await all.promise
  const sorted = took.toSorted((left, right) => left - right)
  const at = (part: number) => Math.round(sorted[Math.floor(sorted.length * part)]!)
  return { p50Ms: at(0.5), p99Ms: at(0.99), tookMs: Math.round(performance.now() - began) }
}

/** Delivers all that can be delivered now. What waits for an event that was put off stays due, until the clock is moved on. */
async function rest({ context }: Story, deliveries: Deliveries): Promise<void> {
  while ((await deliveries.run(context)) > 0) await deliveries.settled()
}

function assertEachOnce(received: Received[], count: number): void {
  assert.equal(received.length, count)
  assert.equal(new Set(received.map(({ json }) => json.id)).size, count)
}

function assertEachOnceInOrder(received: Received[], count: number): void {
  assertEachOnce(received, count)
  for (const ofOne of Map.groupBy(received, ({ json }) => json.data.payment_id).values()) {
    assert.deepEqual(
      ofOne.map(({ json }) => json.data.version),
      [1, 2],
    )
  }
}
