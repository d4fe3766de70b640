import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../server/database/sql.ts'
import { compareBooks } from './storm/books.ts'
import { calm, reconcile } from './storm/calm.ts'
import { setStage } from './storm/stage.ts'
import type { Stage } from './storm/stage.ts'

/** What a shop wants to happen, the more so after a cut connection: it asks again with the same key. */
type Plan = (step: number) => Promise<unknown>

const seamsMax = 150

/** An installation of one node, in fine weather. What the plot answers is asked at the end. */
async function onStage(plot: (stage: Stage) => Promise<void | (() => Promise<void>)>): Promise<void> {
  const stage = await setStage(1)
  stage.nodes.length = 1
  try {
    const ask = await plot(stage)
    await calm(stage)
    await reconcile(stage)
    const { problems } = await compareBooks(stage)
    assert.deepEqual(problems, [])
    await ask?.()
  } finally {
    await stage.end()
  }
}

/** Carries a plan out again and again, and kills the node one seam later each time, until it lives to the end. */
async function killAtEachStep(stage: Stage, plan: Plan, prepare: Plan = async () => {}): Promise<number> {
  for (let step = 1; step < seamsMax; step++) {
    await prepare(step)
    const node = stage.nodes[0]!
    node.dieIn(step)
    await plan(step).catch(() => undefined)
    if (node.isAlive()) {
      node.dieIn(Infinity)
      return step - 1
    }
    stage.revive()
    // Whoever was promised an answer by the dead waits for a minute.
    await stage.clock.advance('61 s')
    await plan(step)
  }
  throw new Error(`It did not end within ${seamsMax} steps.`)
}

async function ask({ nodes, merchant }: Stage, path: string, key: string, body: object): Promise<any> {
  const headers = { 'X-API-Key': merchant.key, 'Content-Type': 'application/json', 'Idempotency-Key': key }
  const request = new Request(`http://lango.test${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const response = await nodes[0]!.fetch(request)
  const answer = await response.json()
  assert.equal(response.status, 201, JSON.stringify(answer))
  return (answer as { data: any }).data
}

/** Lets callbacks come and webhooks go out. */
async function runItsCourse({ simulator, nodes }: Stage): Promise<void> {
  await simulator.settled()
  await nodes[0]!.sweep('deliveries')
}

const phoneOf = (step: number) => `254711${String(step).padStart(6, '0')}`

async function payUp(stage: Stage, key: string, step: number): Promise<string> {
  const phone = phoneOf(step)
  stage.simulator.phones.set(phone, { auto: 'approve', balance: 100_000 })
  const { id } = await ask(stage, '/v1/payments', key, { amount: 100, phone, external_reference: key })
  await runItsCourse(stage)
  return id
}

test('a payment is counted once, at whichever step the process that handles it is killed', () =>
  onStage(async (stage) => {
    const steps = await killAtEachStep(stage, (step) => payUp(stage, `payment-${step}`, step))
    assert.ok(steps > 15, `${steps} steps`)
    const paid = stage.simulator.ledger.entries.length
    assert.ok(paid > steps / 2, `${paid} of ${steps} were paid all the same`)
  }))

test('a refund is made once, at whichever step the process that handles it is killed', () =>
  onStage(async (stage) => {
    const payments: string[] = []
    const pay = async (step: number) => (payments[step] = await payUp(stage, `refunded-${step}`, step))
    const refund = async (step: number) => {
      await ask(stage, '/v1/refunds', `refund-${step}`, { payment_id: payments[step], amount: 40 })
      await runItsCourse(stage)
    }
    const steps = await killAtEachStep(stage, refund, pay)
    assert.ok(steps > 20, `${steps} steps`)
  }))

test('a payout is sent once, at whichever step the process that handles it is killed', () =>
  onStage(async (stage) => {
    const steps = await killAtEachStep(stage, async (step) => {
      await ask(stage, '/v1/payouts', `payout-${step}`, { kind: 'b2c', phone: phoneOf(step), amount: 50 })
      await runItsCourse(stage)
    })
    assert.ok(steps > 10, `${steps} steps`)
  }))

test('money sent from the menu is counted once, at whichever step the process that is told of it is killed', () =>
  onStage(async (stage) => {
    const { simulator, merchant } = stage
    const steps = await killAtEachStep(stage, async (step) => {
      const paid = await simulator.phones
        .set(phoneOf(step), { balance: 100_000 })
        .pay({ shortcode: merchant.shortcode, amount: 10 + step, reference: `HAND-${step}` })
      assert.equal(paid.status, 'paid')
      await runItsCourse(stage)
    })
    assert.ok(steps > 5, `${steps} steps`)
  }))

test('money sent by hand for an invoice is put to it once, at whichever step the process that is told of it is killed', () =>
  onStage(async (stage) => {
    const { simulator, merchant, database } = stage
    const lines = [{ description: 'Shamba', unit_amount: 1_000_000 }]
    await ask(stage, '/v1/invoices', 'shamba', { lines, reference: 'SHAMBA-7' })
    let sent = 0
    const steps = await killAtEachStep(stage, async (step) => {
      const phone = simulator.phones.set(phoneOf(step), { balance: 100_000 })
      await phone.pay({ shortcode: merchant.shortcode, amount: 10 + step, reference: 'shamba 7' })
      sent += 10 + step
      await runItsCourse(stage)
      await stage.nodes[0]!.sweep('money')
    })
    assert.ok(steps > 10, `${steps} steps`)
    return async () => {
      const { paid_cents } = await database.one<{ paid_cents: number }>(sql`select paid_cents from invoices`)
      assert.equal(paid_cents, sent * 100)
    }
  }))
