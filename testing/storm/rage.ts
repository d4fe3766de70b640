import { bill, payBillByHand, settleBill } from './bills.ts'
import { clear } from './calm.ts'
import { pick, weigh } from './chance.ts'
import { decideElsewhere, payElsewhere } from './elsewhere.ts'
import { someFaults } from './faults.ts'
import { fine, payFine } from './fines.ts'
import { answerPrompts, ask, payByHand, payOut, reconcileMidway, refund, reverseAtPortal } from './people.ts'
import type { Order } from './people.ts'
import type { Stage } from './stage.ts'

const payerCount = 80
const minuteMs = 60_000
const approvals = Array.from({ length: 6 }, () => 'approve' as const)
/** How a payer's phone answers a prompt; null waits for `answerPrompts`. */
const manners = [...approvals, 'cancel', 'wrong_pin', 'ignore', null, null, null] as const

/** Lets a number of customers pay, or not, while everything that can go wrong does. */
export async function rage(stage: Stage, orderCount: number): Promise<void> {
  const payers = gatherPayers(stage)
  const orders: Order[] = []
  let made = 0
  const askForSome = () => {
    const burst = Math.min(orderCount - made, 1 + stage.random.integer(6))
    for (let index = 0; index < burst; index++) ask(stage, orders, newOrder(stage, ++made, pick(stage.random, payers)))
  }
  const actions: Action[] = [[12, askForSome], ...actionsOfPeople(stage, orders, payers), ...actionsOfChance(stage)]
  while (made < orderCount) {
    await weigh(stage.random, actions)()
    await stage.rest()
  }
  // The shop repeats what it has no answer to, as its customers wait for one.
  await clear(stage)
  for (let round = 0; orders.length > 0 && round < 10; round++) {
    await stage.clock.advance('61 s')
    askAgain(stage, orders)
    await stage.rest()
  }
}

/** Most of them pay when their phone rings; some have little money. */
function gatherPayers({ random, simulator }: Stage): string[] {
  const payers = Array.from({ length: payerCount }, (_, index) => `2547110000${String(10 + index)}`)
  for (const payer of payers) {
    const auto = pick(random, manners)
    simulator.phones.set(payer, { auto, balance: random.fraction() < 0.1 ? 300 : 1_000_000 })
  }
  return payers
}

// Numbers stand for all storms of a process, of which each has a database of its own.
let fines = 0

type Action = [weight: number, act: () => unknown]

const actionsOfPeople = (stage: Stage, orders: Order[], payers: string[]): Action[] => [
  [6, () => askAgain(stage, orders)],
  [8, () => answerPrompts(stage)],
  [3, () => payByHand(stage, pick(stage.random, payers))],
  [3, () => bill(stage, orders)],
  [5, () => settleBill(stage, orders, pick(stage.random, payers))],
  [3, () => payBillByHand(stage, pick(stage.random, payers))],
  [4, () => fine(stage, orders, ++fines)],
  [4, () => payFine(stage, pick(stage.random, payers))],
  [3, () => payElsewhere(stage, orders)],
  [4, () => decideElsewhere(stage, orders)],
  [4, () => refund(stage, orders)],
  [1, () => reverseAtPortal(stage)],
  [1, () => reconcileMidway(stage)],
  [4, () => payOut(stage, orders, pick(stage.random, payers))],
]

const actionsOfChance = (stage: Stage): Action[] => [
  [14, () => sweepSomething(stage)],
  [6, () => stage.clock.advance(stage.random.integer(20_000))],
  [3, () => stage.clock.advance(stage.random.integer(10 * minuteMs))],
  [1, () => stage.clock.advance(stage.random.integer(3 * 60 * minuteMs))],
  [5, () => stage.anyNode()?.dieIn(1 + stage.random.integer(60))],
  [5, () => stage.revive()],
  [2, () => turnWeather(stage)],
  [2, () => stage.simulator.faults.set({ rules: someFaults(stage) })],
]

const newOrder = ({ random }: Stage, number: number, phone: string): Order => ({
  key: `order-${number}`,
  path: '/v1/payments',
  body: { amount: 10 + random.integer(990), phone, external_reference: `order-${number}` },
})

function askAgain(stage: Stage, orders: Order[]): void {
  for (const order of orders.splice(0)) ask(stage, orders, order)
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
