import { setTimeout as wait } from 'node:timers/promises'
import { concurrently } from '../../../server/database/concurrently.ts'
import type { Auto } from '../../../simulator/index.ts'
import type { Installation } from './installation.ts'

/** What the shop asks for, with the same key until it has an answer. */
export type Order = { key: string; amount: number; phone: string; payment_id?: string }

const payerCount = 240
const answerMsMax = 20_000
const triesMax = 200
const manners = ['approve', 'approve', 'approve', 'approve', 'cancel', 'wrong_pin', 'ignore'] as const

const payer = (index: number) => `254711${String(index % payerCount).padStart(6, '0')}`

/** Gives each payer money and a manner to answer prompts. */
export async function bringCustomers(installation: Installation): Promise<void> {
  const indexes = Array.from({ length: payerCount }, (_, index) => index)
  await concurrently(indexes, 24, (index) =>
    bringPhone(installation, payer(index), manners[installation.random.integer(manners.length)]!),
  )
}

/** Gives a phone money and a manner to answer prompts. */
export async function bringPhone({ simulator }: Installation, phone: string, auto: Auto): Promise<void> {
  const response = await fetch(`${simulator.url}/_/phones/${phone}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auto, balance: 1_000_000 }),
  })
  if (!response.ok) throw new Error(`A phone was refused: ${await response.text()}`)
}

/** Orders that no round has asked for yet. */
export function takeOrders({ random }: Installation, from: number, count: number): Order[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `order-${from + index}`,
    amount: 1 + random.integer(999),
    phone: payer(from + index),
  }))
}

/** Asks for all of them, ten at a time or so many, at either node. What was not answered is repeated beside the others until it is. */
export async function sell(installation: Installation, orders: Order[], { atOnce = 10 } = {}): Promise<void> {
  const { random } = installation
  const repeated: Promise<void>[] = []
  await concurrently(orders, atOnce, async (order) => {
    if (!(await ask(installation, order))) repeated.push(repeat(order))
  })
  await Promise.all(repeated)

  async function repeat(order: Order): Promise<void> {
    for (let tries = 0; tries < triesMax; tries++) {
      await wait(500 + random.integer(1_000))
      if (await ask(installation, order)) return
    }
    throw new Error(`${order.key} was never answered.`)
  }
}

/** False when there was no answer, or none yet. */
async function ask({ doors, random, key }: Installation, order: Order): Promise<boolean> {
  const answer = await post(`${doors[random.integer(doors.length)]!}/v1/payments`, key, order)
  if (!answer || answer.error?.code === 'idempotency_in_progress') return false
  if (!answer.data) throw new Error(`${order.key} was refused: ${JSON.stringify(answer)}`)
  order.payment_id = answer.data.id
  return true
}

type Answer = { data?: { id: string }; error?: { code: string } }

/** Undefined when the node died meanwhile, was dead, or could not answer. */
async function post(url: string, key: string, order: Order): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'X-API-Key': key, 'Content-Type': 'application/json', 'Idempotency-Key': order.key },
      body: JSON.stringify({ amount: order.amount, phone: order.phone, external_reference: order.key }),
      signal: AbortSignal.timeout(answerMsMax),
    })
    return response.status < 500 ? ((await response.json()) as Answer) : undefined
  } catch {
    return undefined
  }
}
