import { sql } from '../../server/database/sql.ts'
import { showId } from '../../server/id.ts'
import { statementUpload } from './calm.ts'
import { pick } from './chance.ts'
import type { Stage } from './stage.ts'

/** What the shop asks of the API, again and again with the same key until it has an answer. */
export type Order = { key: string; path: string; body: Record<string, unknown>; /** Whose API key. */ by?: string }

/** What people write as account number who were given none. */
const references = ['RENT', 'INV-7', 'amina', '0711000010']

/** Asks, and keeps in mind what has no answer yet. */
export function ask(stage: Stage, orders: Order[], order: Order): void {
  const again = () => void orders.push(order)
  const node = stage.anyNode()
  if (!node) return again()
  const request = new Request(`http://lango.test${order.path}`, {
    method: 'POST',
    headers: {
      'X-API-Key': order.by ?? stage.merchant.key,
      'Content-Type': 'application/json',
      'Idempotency-Key': order.key,
    },
    body: JSON.stringify(order.body),
  })
  stage.launch(
    node.fetch(request).then(async (response) => {
      // A conflict is final where money goes out; a first request that is still running is not.
      const isOver = response.ok || (order.path !== '/v1/payments' && [409, 422].includes(response.status))
      if (!isOver || (await response.text()).includes('idempotency_in_progress')) again()
    }, again),
  )
}

/** Some of those whose phone rings answer it, one way or another. */
export function answerPrompts({ random, simulator }: Stage): void {
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
export function payByHand({ random, simulator, merchant, launch }: Stage, payer: string): void {
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
export async function refund(stage: Stage, orders: Order[]): Promise<void> {
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
export function reverseAtPortal({ random, simulator }: Stage): void {
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
export function reconcileMidway(stage: Stage): void {
  const node = stage.anyNode()
  const run = new Request('http://lango.test/v1/reconciliation/runs', {
    method: 'POST',
    headers: { 'X-API-Key': stage.merchant.key, 'Content-Type': 'application/json' },
    body: '{}',
  })
  if (node) stage.launch(node.fetch(stage.random.fraction() < 0.5 ? statementUpload(stage) : run))
}

/** The shop pays somebody. */
export function payOut(stage: Stage, orders: Order[], phone: string): void {
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
/** A key that no request had before. */
export const newKey = () => `key-${++keys}`
