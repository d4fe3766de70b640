import type { FaultRule } from '../../simulator/index.ts'
import type { Stage } from './stage.ts'

/** An order of the shop's customer, asked for again with the same key until the API has answered. */
type Order = { key: string; body: { amount: number; phone: string; external_reference: string } }

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

/** The weather clears, and everything that Lango does by itself is done, for as long as the provider still knows. */
export async function calm(stage: Stage): Promise<void> {
  await clear(stage)
  const hours = [0, 0, 0.02, 0.02, 0.05, 0.1, 0.5, 1, 2, 4, 8, 12, 12, 10, 24, 0, 0]
  for (const hour of hours) {
    await stage.clock.advance(hour * 60 * minuteMs)
    await stage.rest()
    for (const node of stage.nodes)
      for (const name of node.sweepNames) await untilNothingIsDue(stage, () => node.sweep(name))
  }
}

async function clear(stage: Stage): Promise<void> {
  stage.simulator.faults.set({ rules: [] })
  Object.assign(stage.weather, { database: 'answers', shopFails: 0 })
  for (const node of stage.nodes) node.dieIn(Infinity)
  stage.revive()
  await stage.rest()
}

async function untilNothingIsDue(stage: Stage, sweep: () => Promise<number>): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    const count = await sweep()
    await stage.rest()
    if (count === 0) return
  }
}

function ask(stage: Stage, orders: Order[], order: Order): void {
  const again = () => void orders.push(order)
  const node = stage.anyNode()
  if (!node) return again()
  const request = new Request('http://lango.test/v1/payments', {
    method: 'POST',
    headers: { 'X-API-Key': stage.merchant.key, 'Content-Type': 'application/json', 'Idempotency-Key': order.key },
    body: JSON.stringify(order.body),
  })
  stage.launch(
    node.fetch(request).then((response) => {
      if (response.status !== 201) again()
    }, again),
  )
}

function answerPrompts({ random, simulator }: Stage): void {
  for (const { msisdn } of simulator.prompts()) {
    const phone = simulator.phones.get(msisdn)
    if (phone.prompts.length === 0 || random.fraction() < 0.5) continue
    const chance = random.fraction()
    if (chance < 0.7) phone.approve()
    else if (chance < 0.85) phone.cancel()
    else phone.wrongPin()
  }
}

/** The prompt came late, or never: the payer has paid at the paybill instead, with the reference that they were given. */
function payByHand({ random, simulator, merchant, launch }: Stage, payer: string): void {
  const prompt = pick(random, simulator.prompts())
  const isOwn = prompt && random.fraction() < 0.7
  const payment = {
    shortcode: merchant.shortcode,
    amount: isOwn ? prompt.amount : 10 + random.integer(500),
    reference: isOwn ? prompt.account_reference : pick(random, ['RENT', 'INV-7', 'amina', '0711000010']),
  }
  launch(simulator.phones.get(isOwn ? prompt.msisdn : payer).pay(payment))
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

const faultsOf = {
  stkpush: [
    'drop_callback',
    'duplicate_callback',
    'late_callback',
    'early_callback',
    'reorder',
    'drop_response',
    'http_500',
    'html_503',
    'spike_arrest',
    'cut',
  ],
  stkpushquery: ['drop_response', 'http_500', 'html_503', 'spike_arrest', 'cut'],
  transactionstatus: [
    'drop_callback',
    'duplicate_callback',
    'late_callback',
    'drop_response',
    'http_500',
    'queue_timeout',
    'cut',
  ],
  c2b: ['drop_callback', 'duplicate_callback', 'late_callback', 'reorder'],
  oauth: ['http_500', 'html_503', 'cut'],
  '*': ['expire_token'],
} as const

function someFaults({ random }: Stage): FaultRule[] {
  return Object.entries(faultsOf).flatMap(([api, names]) =>
    names
      .filter(() => random.fraction() < 0.4)
      .map((fault) => ({
        api: api as FaultRule['api'],
        fault,
        probability: fault === 'expire_token' ? 0.05 : 0.4 * random.fraction() ** 2,
        ...(fault.endsWith('_callback') && { delay_ms: random.integer(5 * minuteMs) }),
      })),
  )
}

type Chance = Stage['random']

function pick<Item>(random: Chance, items: readonly Item[]): Item {
  return items[random.integer(items.length)]!
}

function weigh<Action>(random: Chance, actions: [weight: number, action: Action][]): Action {
  let rest = random.fraction() * actions.reduce((sum, [weight]) => sum + weight, 0)
  return actions.find(([weight]) => (rest -= weight) < 0)![1]
}
