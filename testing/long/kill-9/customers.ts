import { setTimeout as wait } from 'node:timers/promises'
import { concurrently } from '../../../server/database/concurrently.ts'
import type { Installation } from './installation.ts'

/** What the shop asks for, with the same key until it has an answer. */
export type Order = { key: string; amount: number; phone: string; payment_id?: string }

const payerCount = 240
const atOnce = 10
const answerMsMax = 20_000
const triesMax = 400
const manners = ['approve', 'approve', 'approve', 'approve', 'cancel', 'wrong_pin', 'ignore'] as const

const payer = (index: number) => `254711${String(index % payerCount).padStart(6, '0')}`

/** Gives each payer money and a manner to answer prompts. */
export async function bringCustomers({ simulator, random }: Installation): Promise<void> {
  const indexes = Array.from({ length: payerCount }, (_, index) => index)
  await concurrently(indexes, 24, async (index) => {
    const response = await fetch(`${simulator.url}/_/phones/${payer(index)}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ auto: manners[random.integer(manners.length)], balance: 1_000_000 }),
    })
    if (!response.ok) throw new Error(`A phone was refused: ${await response.text()}`)
  })
}

/** Orders that no round has asked for yet. */
export function takeOrders({ random }: Installation, from: number, count: number): Order[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `order-${from + index}`,
    amount: 1 + random.integer(999),
    phone: payer(from + index),
  }))
}

/** Asks for all of them, ten at a time, at either node. Each is repeated until it is answered. */
export async function sell(installation: Installation, orders: Order[]): Promise<void> {
  await concurrently(orders, atOnce, (order) => ask(installation, order))
}

async function ask({ nodes, random, key }: Installation, order: Order): Promise<void> {
  for (let tries = 0; tries < triesMax; tries++) {
    try {
      const response = await fetch(`${nodes[random.integer(nodes.length)]!.url}/v1/payments`, {
        method: 'POST',
        headers: { 'X-API-Key': key, 'Content-Type': 'application/json', 'Idempotency-Key': order.key },
        body: JSON.stringify({ amount: order.amount, phone: order.phone, external_reference: order.key }),
        signal: AbortSignal.timeout(answerMsMax),
      })
      const answer = (await response.json()) as { data?: { id: string }; error?: { code: string } }
      if (response.status === 201) {
        order.payment_id = answer.data!.id
        return
      }
      if (response.status < 500 && answer.error?.code !== 'idempotency_in_progress')
        throw new Refused(`${order.key} was refused: ${JSON.stringify(answer)}`)
    } catch (error) {
      if (error instanceof Refused) throw error
    }
    await wait(300 + random.integer(700))
  }
  throw new Error(`${order.key} was never answered.`)
}

class Refused extends Error {}
