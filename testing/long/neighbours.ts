import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { shareCluster, startTestCluster } from '../database.ts'
import { openShop } from '../shop.ts'
import type { Shop } from '../shop.ts'
import { goSilent, uploadForever } from './neighbours/attacks.ts'
import { openStreet } from './neighbours/street.ts'
import type { Merchant } from './neighbours/street.ts'

/**
 * `node testing/long/neighbours.ts --payments 200`: one merchant's payments, alone and beside two neighbours: one whose name server
 * is silent, one who uploads hostile statements of 20 MB. A payment takes from the shop's asking until its webhook. The two are
 * measured in turn, in parts, so that whatever else the machine does meets both. Exits with 1 where the neighbours cost more than
 * as much again.
 */
const { values } = parseArgs({ options: { payments: { type: 'string', default: '200' } } })
const payments = Number(values.payments)
const parts = 4
const everyMs = 80
const ratioMax = 2
let orders = 0

const cluster = await startTestCluster()
shareCluster(cluster.url)
const street = await openStreet()
const shop = await openShop()
try {
  const [own, silent, hostile] = street.merchants as [Merchant, Merchant, Merchant]
  await own.call('POST', '/v1/webhook-endpoints', { url: shop.url, events: ['payment.completed'] })
  const goOn = await goSilent(street, silent)
  await payAll(own, shop, payments / parts)

  const took: { alone: number[]; beside: number[] } = { alone: [], beside: [] }
  const seen: string[] = []
  for (let part = 0; part < parts; part++) {
    took.alone.push(...(await payAll(own, shop, payments / parts)))
    const attacks = [goOn(), uploadForever(street, hostile)]
    await wait(1_000)
    took.beside.push(...(await payAll(own, shop, payments / parts)))
    for (const attack of attacks) seen.push(await attack.end())
  }
  for (const [name, ms] of Object.entries(took))
    console.log(
      `${name.padEnd(7)} ${ms.length} payments, p50 ${at(ms, 0.5)} ms, p99 ${at(ms, 0.99)} ms, slowest ${at(ms, 1)} ms`,
    )
  for (const each of seen) console.log(`  ${each}`)
  const ratio = at(took.beside, 0.99) / at(took.alone, 0.99)
  console.log(`p99 beside the neighbours is ${ratio.toFixed(2)} of its usual; it must be below ${ratioMax}`)
  process.exitCode = ratio < ratioMax ? 0 : 1
} finally {
  shop.close()
  await street.end()
  await cluster.stop()
}

/** Asks a phone that pays at once, so many times, one after the other in a steady pace; answers how long each took, in ms. */
async function payAll(merchant: Merchant, shop: Shop, count: number): Promise<number[]> {
  const askedAt = new Map<string, number>()
  const took: number[] = []
  const all = Promise.withResolvers<void>()
  shop.answer((response, { json }) => {
    response.end('thanks')
    const { account_reference } = json.data as { account_reference: string }
    took.push(performance.now() - askedAt.get(account_reference)!)
    if (took.length === count) all.resolve()
  })
  for (let index = 0; index < count; index++) {
    const account_reference = `ORDER-${orders++}`
    askedAt.set(account_reference, performance.now())
    void merchant
      .call('POST', '/v1/payments', { amount: 1 + index, phone: '0708374149', account_reference })
      .catch(all.reject)
    await wait(everyMs)
  }
  await all.promise
  return took
}

function at(ms: number[], part: number): number {
  const sorted = ms.toSorted((left, right) => left - right)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!)
}
