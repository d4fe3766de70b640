import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from '../server/database/sql.ts'
import { latencyOf } from './latency.ts'
import type { Loaded } from './load.ts'
import { oneByOne } from './pace.ts'
import { payOnce } from './pay-once.ts'
import { createPoster } from './post.ts'
import { serve } from './served.ts'
import type { Served, Spent } from './served.ts'
import { openShop } from './shop.ts'
import { createTown } from './town.ts'
import type { Town } from './town.ts'

/** Whole payments; among them what `POST /v1/payments` takes, and of that the provider, asked by nobody else. */
export type Whole = Created & Spent & { providerP50Ms: number }

type Created = Loaded & { createP50Ms: number; createP99Ms: number }

const warmUp = 200

const push = { path: '/mpesa/stkpush/v1/processrequest', body: '{"CallBackURL":"http://localhost/none"}' }

/**
 * Makes so many payments whole, each caller one after the other: created, pushed to a phone, called back, settled, and told to the
 * shop. Asserts that each was settled once, and that the shop heard of each.
 */
export async function measurePayments({
  name = 'lango',
  url,
  payments,
  callers,
  env,
}: {
  /** Lango, or the floor. */
  name?: 'lango' | 'whole'
  url: string
  payments: number
  callers: number
  env?: Record<string, string>
}): Promise<Whole> {
  const town = await createTown()
  let key = ''
  const fill = async (database: Parameters<typeof openShop>[0]) => {
    key = await openShop(database, town)
  }
  try {
    return await serve(name, { url, env: { ...env, BENCH_DARAJA_URL: town.url } }, fill, async (served) => {
      await pay(served, { town, key, callers, payments: warmUp })
      await served.database.query(sql`analyze payments`)
      const whole = await served.spend(payments, () => pay(served, { town, key, callers, payments }))
      await assertWhole(served, town, payments + warmUp)
      const { p50Ms: providerP50Ms } = await oneByOne(Number(new URL(town.url).port), Array(200).fill(push))
      return { ...whole, providerP50Ms }
    })
  } finally {
    town.close()
  }
}

async function pay(
  { port }: Served,
  { town, key, callers, payments }: { town: Town; key: string; callers: number; payments: number },
): Promise<Created> {
  const { post, close } = createPoster(port)
  const [whole, created]: [number[], number[]] = [[], []]
  let left = payments
  const caller = async () => {
    while (left-- > 0) {
      const { createdMs, wholeMs } = await payOnce(post, { town, key })
      created.push(createdMs)
      whole.push(wholeMs)
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: callers }, caller))
  const perSecond = payments / ((performance.now() - startedAt) / 1_000)
  close()
  const { p50Ms: createP50Ms, p99Ms: createP99Ms } = latencyOf(created)
  return { perSecond, ...latencyOf(whole), createP50Ms, createP99Ms }
}

/** What the shop has answered is recorded a moment later. */
async function assertWhole({ database }: Served, town: Town, payments: number): Promise<void> {
  const count = () =>
    database.one<Record<string, number>>(sql`
      select (select count(*) from payments where status = 'completed') as settled,
        (select count(*) from money_in where payment_id is not null) as money,
        (select count(*) from events where type = 'payment.completed') as told,
        (select count(*) from deliveries d join events e on e.merchant_id = d.merchant_id and e.id = d.event_id
          where e.type = 'payment.completed' and d.status = 'succeeded') as delivered`)
  const isWhole = (counts: Record<string, number>) => Object.values(counts).every((number) => number === payments)
  for (let look = 0; look < 100 && !isWhole(await count()); look++) await wait(100)
  for (const [what, number] of Object.entries(await count())) assert.equal(number, payments, what)
  assert.equal(town.told.size, payments)
}
