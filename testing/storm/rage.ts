import { clear } from './calm.ts'
import { pick, weigh } from './chance.ts'
import { someFaults } from './faults.ts'
import { answerPrompts, ask, payByHand, payOut, reconcileMidway, refund, reverseAtPortal } from './people.ts'
import type { Order } from './people.ts'
import type { Stage } from './stage.ts'

const payerCount = 80
const minuteMs = 60_000

/** Lets a number of customers pay, or not, while everything that can go wrong does. */
export async function rage(stage: Stage, orderCount: number): Promise<void> {
  const { random, simulator } = stage
  const payers = Array.from({ length: payerCount }, (_, index) => `2547110000${String(10 + index)}`)
  for (const payer of payers) {
    const auto = pick(random, [
      'approve',
      'approve',
      'approve',
      'approve',
      'approve',
      'approve',
      'cancel',
      'wrong_pin',
      'ignore',
      null,
      null,
      null,
    ] as const)
    simulator.phones.set(payer, { auto, balance: random.fraction() < 0.1 ? 300 : 1_000_000 })
  }
  const orders: Order[] = []
  let made = 0
  const actions: [weight: number, act: () => unknown][] = [
    [
      12,
      () => {
        const burst = Math.min(orderCount - made, 1 + random.integer(6))
        for (let index = 0; index < burst; index++) ask(stage, orders, newOrder(++made, pick(random, payers)))
      },
    ],
    [
      6,
      () => {
        for (const order of orders.splice(0)) ask(stage, orders, order)
      },
    ],
    [8, () => answerPrompts(stage)],
    [3, () => payByHand(stage, pick(random, payers))],
    [4, () => refund(stage, orders)],
    [1, () => reverseAtPortal(stage)],
    [1, () => reconcileMidway(stage)],
    [4, () => payOut(stage, orders, pick(random, payers))],
    [14, () => sweepSomething(stage)],
    [6, () => stage.clock.advance(random.integer(20_000))],
    [3, () => stage.clock.advance(random.integer(10 * minuteMs))],
    [1, () => stage.clock.advance(random.integer(3 * 60 * minuteMs))],
    [5, () => stage.anyNode()?.dieIn(1 + random.integer(60))],
    [5, () => stage.revive()],
    [2, () => turnWeather(stage)],
    [2, () => simulator.faults.set({ rules: someFaults(stage) })],
  ]
  const newOrder = (number: number, phone: string): Order => ({
    key: `order-${number}`,
    path: '/v1/payments',
    body: { amount: 10 + random.integer(990), phone, external_reference: `order-${number}` },
  })
  while (made < orderCount) {
    await weigh(random, actions)()
    await stage.rest()
  }
  // The shop repeats what it has no answer to, as its customers wait for one.
  await clear(stage)
  for (let round = 0; orders.length > 0 && round < 10; round++) {
    await stage.clock.advance('61 s')
    for (const order of orders.splice(0)) ask(stage, orders, order)
    await stage.rest()
  }
}

function sweepSomething(stage: Stage): void {
  const node = stage.anyNode()
  if (node) stage.launch(node.sweep(pick(stage.random, node.sweepNames)))
}

function turnWeather({ weather, random, seen }: Stage): void {
  weather.database = weather.database === 'answers' ? pick(random, ['refuses', 'cuts']) : 'answers'
  if (weather.database !== 'answers') seen.outages++
  weather.shopFails = random.fraction() < 0.5 ? 0 : random.fraction()
}
