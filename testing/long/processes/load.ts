import { setTimeout as wait } from 'node:timers/promises'
import type { Order } from './customers.ts'
import { takeOrders } from './customers.ts'
import type { Installation } from './installation.ts'

/** One request of a customer, and what came of it. */
export type Attempt = {
  what: 'order' | 'payment' | 'page'
  /** The order's key. */
  key: string
  /** By this machine's stopwatch, in ms. */
  beganAt: number
  endedAt: number
  /** 0 where there was no whole answer. */
  status: number
  /** The code of a refusal. */
  code?: string | undefined
}

export type Load = {
  attempts: Attempt[]
  orders: Order[]
  /** Resolves with the next order that is taken from now on. */
  nextAnswer(): Promise<Attempt>
  /** Begins nothing more. */
  stop(): void
  /** Resolves when everybody who had begun was answered. */
  answered(): Promise<void>
}

const answerMsMax = 40_000
const triesMax = 200

/**
 * Customers who come in a steady pace, whatever becomes of those before: each orders with a key, repeated until there is an answer,
 * then asks for the payment and looks at its page.
 */
export function startLoad(installation: Installation, perSecond: number): Load {
  const attempts: Attempt[] = []
  const orders: Order[] = []
  const underWay = new Set<Promise<void>>()
  const waiting = new Set<{ since: number; resolve: (attempt: Attempt) => void }>()
  let failed: unknown

  const note = (attempt: Attempt) => {
    attempts.push(attempt)
    if (attempt.what !== 'order' || attempt.status !== 201) return
    for (const each of waiting)
      if (attempt.beganAt >= each.since) {
        each.resolve(attempt)
        waiting.delete(each)
      }
  }
  const timer = setInterval(() => {
    const [order] = takeOrders(installation, orders.length, 1)
    orders.push(order!)
    const coming = come(installation, order!, note)
      .catch((error: unknown) => void (failed ??= error))
      .finally(() => underWay.delete(coming))
    underWay.add(coming)
  }, 1_000 / perSecond)

  return {
    attempts,
    orders,
    nextAnswer: () => new Promise((resolve) => waiting.add({ since: performance.now(), resolve })),
    stop: () => clearInterval(timer),
    async answered() {
      await Promise.all(underWay)
      if (failed) throw failed
    },
  }
}

async function come(installation: Installation, order: Order, note: (attempt: Attempt) => void): Promise<void> {
  for (let tries = 0; order.payment_id === undefined; tries++) {
    if (tries === triesMax) throw new Error(`${order.key} was never answered.`)
    if (tries > 0) await wait(500 + installation.random.integer(1_000))
    order.payment_id = await ask(installation, { order, what: 'order' }, note)
  }
  await ask(installation, { order, what: 'payment' }, note)
  await ask(installation, { order, what: 'page' }, note)
}

type Question = { order: Order; what: Attempt['what'] }
type Answer = { data?: { id: string }; error?: { code: string } }

/** The id of the payment, where the answer tells it. @throws when it is refused for ever. */
async function ask(installation: Installation, { order, what }: Question, note: (attempt: Attempt) => void) {
  const beganAt = performance.now()
  const { status, answer } = await send(...requestOf(installation, order, what))
  note({ what, key: order.key, beganAt, endedAt: performance.now(), status, code: answer.error?.code })
  const mayComeAgain = status === 0 || status < 400 || status >= 500 || status === 409 || status === 429
  if (!mayComeAgain) throw new Error(`${what} of ${order.key} was refused: ${JSON.stringify(answer)}`)
  return answer.data?.id
}

async function send(url: string, init: RequestInit): Promise<{ status: number; answer: Answer }> {
  try {
    const response = await fetch(url, init)
    const text = await response.text()
    return { status: response.status, answer: text.startsWith('{') ? (JSON.parse(text) as Answer) : {} }
  } catch {
    return { status: 0, answer: {} }
  }
}

function requestOf({ doors, key }: Installation, order: Order, what: Attempt['what']): [string, RequestInit] {
  const [door] = doors as [string]
  const signal = AbortSignal.timeout(answerMsMax)
  if (what === 'page') return [`${door}/pay/${order.payment_id}`, { signal }]
  const headers = { 'X-API-Key': key }
  if (what === 'payment') return [`${door}/v1/payments/${order.payment_id}`, { signal, headers }]
  return [
    `${door}/v1/payments`,
    {
      method: 'POST',
      signal,
      headers: { ...headers, 'Content-Type': 'application/json', 'Idempotency-Key': order.key },
      body: JSON.stringify({ amount: order.amount, phone: order.phone, external_reference: order.key }),
    },
  ]
}
