import { sql } from '../../server/database/sql.ts'
import { showId } from '../../server/id.ts'
import type { FaultRule } from '../../simulator/index.ts'
import type { Stage } from './stage.ts'

/** What the shop asks of the API, again and again with the same key until it has an answer. */
type Order = { key: string; path: string; body: Record<string, unknown> }

const payerCount = 80
const minuteMs = 60_000
/** What people write as account number who were given none. */
const references = ['RENT', 'INV-7', 'amina', '0711000010']

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

/** The weather clears, and everything that Lango does by itself is done, for as long as the provider still knows. */
export async function calm(stage: Stage): Promise<void> {
  await clear(stage)
  const hours = [0, 0.02, 0.05, 0.1, 0.5, 1, 3, 8, 12, 12, 12, 24, 0]
  for (const hour of hours) {
    await stage.clock.advance(hour * 60 * minuteMs)
    await stage.rest()
    await sweepAll(stage)
  }
}

async function sweepAll(stage: Stage): Promise<void> {
  for (const node of stage.nodes)
    for (const name of node.sweepNames) await untilNothingIsDue(stage, () => node.sweep(name))
}

/** The accountant uploads the provider's statement of all of it: what nobody told Lango of, it learns now. */
export async function reconcile(stage: Stage): Promise<void> {
  for (const account of ['Utility Account', 'Working Account']) {
    const response = await stage.anyNode()!.fetch(statementUpload(stage, account))
    const body = await response.text()
    if (!/"status":"completed"|shows no completed movement/.test(body))
      throw new Error(`The statement was not taken: ${body}`)
  }
  await untilAllIsTold(stage)
}

// What a sweep has begun to post it may end after it: on a busy machine that takes its time.
async function untilAllIsTold(stage: Stage): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await sweepAll(stage)
    const waiting = await stage.database.query(sql`select from deliveries where status = 'pending' limit 1`)
    if (waiting.length === 0) return
    await stage.clock.advance('61 s')
  }
}

function statementUpload({ simulator, merchant }: Stage, account = 'Utility Account'): Request {
  return new Request('http://lango.test/v1/reconciliation/statements', {
    method: 'POST',
    headers: { 'X-API-Key': merchant.key, 'Content-Type': 'text/csv' },
    body: simulator.statement({ shortcode: merchant.shortcode, account }),
  })
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
  const request = new Request(`http://lango.test${order.path}`, {
    method: 'POST',
    headers: { 'X-API-Key': stage.merchant.key, 'Content-Type': 'application/json', 'Idempotency-Key': order.key },
    body: JSON.stringify(order.body),
  })
  stage.launch(
    node.fetch(request).then(async (response) => {
      // A conflict is final where money goes out; a first request that is still running is not.
      const isOver = response.status === 201 || (order.path !== '/v1/payments' && [409, 422].includes(response.status))
      if (!isOver || (await response.text()).includes('idempotency_in_progress')) again()
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
    reference: isOwn ? prompt.account_reference : pick(random, references),
  }
  launch(simulator.phones.get(isOwn ? prompt.msisdn : payer).pay(payment))
}

/** Part or all of a payment goes back; sometimes two clerks ask for it at once. */
async function refund(stage: Stage, orders: Order[]): Promise<void> {
  const { database, random } = stage
  const paid = await database.query<{ id: string; amount_cents: number }>(sql`
    select id, amount_cents from payments where status = 'completed' order by id desc limit 20`)
  if (paid.length === 0) return
  const { id, amount_cents } = pick(random, paid)
  const shillings = amount_cents / 100
  for (let clerks = random.fraction() < 0.3 ? 2 : 1; clerks > 0; clerks--) {
    const amount = random.fraction() < 0.4 ? undefined : 1 + random.integer(shillings)
    ask(stage, orders, { key: newKey(), path: '/v1/refunds', body: { payment_id: showId('pay', id), amount } })
  }
}

/** Somebody gives money back at the provider's portal, and tells nobody. */
function reverseAtPortal({ random, simulator }: Stage): void {
  const paid = simulator.ledger.entries.filter(({ kind }) => kind === 'stk' || kind === 'c2b')
  if (paid.length === 0) return
  const { receipt, amount, reference } = pick(random, paid)
  // A part, only of money that no payment explains: of a payment, Lango may be giving back the whole at the same time.
  const isPart = references.includes(reference!) && random.fraction() < 0.7
  try {
    simulator.reverse(receipt, isPart ? 1 + random.integer(amount) : undefined)
  } catch {
    // It is back already.
  }
}

/** The books are compared in the middle of it all, by statement or by Pull. */
function reconcileMidway(stage: Stage): void {
  const node = stage.anyNode()
  const run = new Request('http://lango.test/v1/reconciliation/runs', {
    method: 'POST',
    headers: { 'X-API-Key': stage.merchant.key, 'Content-Type': 'application/json' },
    body: '{}',
  })
  if (node) stage.launch(node.fetch(stage.random.fraction() < 0.5 ? statementUpload(stage) : run))
}

function payOut(stage: Stage, orders: Order[], phone: string): void {
  const { random } = stage
  const amount = 10 + random.integer(2_000)
  const to = pick(random, [
    { kind: 'b2c', phone },
    { kind: 'pochi', phone },
    { kind: 'b2b', shortcode: '600000', account_reference: 'STOCK' },
  ])
  ask(stage, orders, { key: newKey(), path: '/v1/payouts', body: { ...to, amount } })
}

let keys = 0
const newKey = () => `key-${++keys}`

function sweepSomething(stage: Stage): void {
  const node = stage.anyNode()
  if (node) stage.launch(node.sweep(pick(stage.random, node.sweepNames)))
}

function turnWeather({ weather, random, seen }: Stage): void {
  weather.database = weather.database === 'answers' ? pick(random, ['refuses', 'cuts']) : 'answers'
  if (weather.database !== 'answers') seen.outages++
  weather.shopFails = random.fraction() < 0.5 ? 0 : random.fraction()
}

const ofOperator = [
  'drop_callback',
  'duplicate_callback',
  'late_callback',
  'reorder',
  'drop_response',
  'http_500',
  'html_503',
  'spike_arrest',
  'queue_timeout',
  'cut',
] as const

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
  transactionstatus: ofOperator,
  c2b: ['drop_callback', 'duplicate_callback', 'late_callback', 'reorder'],
  reversal: ofOperator,
  b2c: ofOperator,
  b2pochi: ofOperator,
  b2b: ofOperator,
  pulltransactions: ['http_500', 'html_503', 'spike_arrest', 'cut'],
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
