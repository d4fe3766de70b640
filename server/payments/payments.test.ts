import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { checkPayments } from './check.ts'
import { addressOf } from '../../testing/address-of.ts'
import { booksOf } from '../../testing/books-of.ts'
import { stkCallback } from '../../testing/stk-callback.ts'
import { toldOf } from '../../testing/told-of.ts'

const amina = '0712345678'

async function effectsOn({ call }: Story, paymentId: string): Promise<string[]> {
  const { body } = await call('GET', `/v1/payments/${paymentId}/evidence`)
  return body.data.map((evidence: { source: string; effect: string }) => `${evidence.source} ${evidence.effect}`)
}

test('a payer who enters the PIN has paid, and the payment has the receipt', () =>
  story({}, async (told) => {
    const asked = await told.pay({ amount: 1500, account_reference: 'INV-204' })
    assert.equal(asked.status, 'pending')
    assert.equal(asked.provider_outcome, 'accepted')
    told.simulator.phones.get(amina).approve()
    const paid = await told.payment(asked.id)
    assert.equal(paid.status, 'completed')
    assert.equal(paid.provider_receipt, told.simulator.ledger.entries[0]!.receipt)
    assert.equal(paid.amount_received, '1500.00')
    assert.deepEqual(await toldOf(told, asked.id), ['payment.completed'])
    assert.deepEqual(await effectsOn(told, asked.id), ['ack informed', 'callback completed'])
    assert.deepEqual(await booksOf(told), { lango: 1500, ledger: 1500 })
  }))

const refusals = [
  ['who cancels', (told: Story) => void told.simulator.phones.get(amina).cancel(), 'cancelled_by_payer', '1032'],
  ['who enters a wrong PIN', (told: Story) => void told.simulator.phones.get(amina).wrongPin(), 'wrong_pin', '2001'],
  ['who ignores the prompt', (told: Story) => told.advance('2 minutes'), 'payer_unreachable', '1037'],
] as const

for (const [payer, refuse, code, providerCode] of refusals) {
  test(`a payer ${payer} does not pay, and the shop is told why`, () =>
    story({}, async (told) => {
      const { id } = await told.pay()
      await refuse(told)
      const failed = await told.payment(id)
      assert.equal(failed.status, 'failed')
      assert.equal(failed.failure.code, code)
      assert.equal(failed.failure.provider_code, providerCode)
      assert.deepEqual(await toldOf(told, id), ['payment.failed'])
      assert.deepEqual(await booksOf(told), { lango: 0, ledger: 0 })
    }))
}

test('a payer without enough money does not pay', () =>
  story({}, async (told) => {
    told.simulator.phones.set(amina, { balance: 50 })
    const { id } = await told.pay({ amount: 100 })
    told.simulator.phones.get(amina).approve()
    assert.equal((await told.payment(id)).failure.code, 'insufficient_funds')
  }))

test('a callback that comes before the response finds its payment', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'early_callback', probability: 1 }] })
    told.simulator.phones.set(amina, { auto: 'approve' })
    const { id, status } = await told.pay()
    assert.equal(status, 'completed')
    assert.equal((await told.payment(id)).provider_outcome, 'accepted')
    assert.deepEqual(await toldOf(told, id), ['payment.completed'])
  }))

test('a callback that comes twice counts once', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'duplicate_callback', probability: 1 }] })
    const { id } = await told.pay()
    told.simulator.phones.get(amina).approve()
    await told.payment(id)
    assert.deepEqual(await toldOf(told, id), ['payment.completed'])
    assert.deepEqual(await booksOf(told), { lango: 100, ledger: 100 })
  }))

test('the same callback many times at once counts once', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay()
    const replies = await Promise.all(
      Array.from({ length: 30 }, () => told.post(addressOf(told, 'payment', id), stkCallback(provider_ref))),
    )
    assert.ok(replies.every(({ status }) => status === 200))
    assert.equal((await told.payment(id)).status, 'completed')
    assert.deepEqual(await toldOf(told, id), ['payment.completed'])
    assert.equal((await booksOf(told)).lango, 100)
    assert.equal((await effectsOn(told, id)).length, 31, 'every copy is kept as evidence')
  }))

test('a failure after success changes nothing, and is shown to a person', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay()
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref))
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref, { code: 1032 }))
    const paid = await told.payment(id)
    assert.equal(paid.status, 'completed')
    assert.equal(paid.failure, null)
    assert.deepEqual(paid.needs_attention, ['contradicts'])
    assert.deepEqual(await toldOf(told, id), ['payment.completed'])
  }))

test('a success after failure wins, for the money did move', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay()
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref, { code: 1037 }))
    assert.equal((await told.payment(id)).status, 'failed')
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref))
    const paid = await told.payment(id)
    assert.equal(paid.status, 'completed')
    assert.equal(paid.late, true)
    assert.deepEqual(await toldOf(told, id), ['payment.failed', 'payment.completed'])
  }))

for (const codes of [
  [0, 1032],
  [1032, 0],
]) {
  test(`of ${codes.join(' and ')} in one batch, the success wins`, () =>
    story({}, async (told) => {
      const { id, provider_ref } = await told.pay()
      await Promise.all(
        codes.map((code) => told.post(addressOf(told, 'payment', id), stkCallback(provider_ref, { code }))),
      )
      assert.equal((await told.payment(id)).status, 'completed')
      assert.equal((await booksOf(told)).lango, 100)
      assert.equal((await toldOf(told, id)).at(-1), 'payment.completed')
    }))
}

test('when the callback is lost, a check settles the payment, and the receipt comes later without a second event', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 }] })
    const { id, provider_ref } = await told.pay()
    told.simulator.phones.get(amina).approve()
    assert.equal((await told.payment(id)).status, 'pending')
    await told.advance('76 s')
    await checkPayments.run(told.context)
    const checked = await told.payment(id)
    assert.equal(checked.status, 'completed')
    assert.equal(checked.provider_receipt, null)
    const { receipt } = told.simulator.ledger.entries[0]!
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref, { receipt }))
    assert.equal((await told.payment(id)).provider_receipt, receipt)
    assert.deepEqual(await toldOf(told, id), ['payment.completed'])
    assert.deepEqual(await booksOf(told), { lango: 100, ledger: 100 })
  }))

test('a payment that is still being processed is asked about again, with growing gaps, and never fails for waiting', () => {
  const processing = {
    ResponseCode: '0',
    ResponseDescription: 'Accepted',
    ResultCode: '4999',
    ResultDesc: 'The transaction is still under processing',
  }
  const wrap = {
    fetch:
      (next: typeof fetch): typeof fetch =>
      async (input, init) =>
        String(input).includes('stkpushquery') ? Response.json(processing) : next(input, init),
  }
  return story({ wrap, promptLifeMs: 86_400_000 }, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 }] })
    const { id } = await told.pay()
    const gaps: number[] = []
    for (;;) {
      const { check_at } = await told.context.database.one<{ check_at: Date }>(sql`select check_at from payments`)
      gaps.push(check_at.getTime() - told.clock.now().getTime())
      await told.advance(gaps.at(-1)!)
      await checkPayments.run(told.context)
      if ((await told.payment(id)).status !== 'pending') break
    }
    assert.equal(gaps[0], 75_000)
    assert.ok(gaps.slice(0, -1).every((gap, index) => index === 0 || gap >= gaps[index - 1]!))
    assert.ok(gaps.length < 25)
    assert.equal(
      gaps.reduce((sum, gap) => sum + gap),
      48 * 3_600_000,
    )
    const given = await told.payment(id)
    assert.equal(given.failure.code, 'no_evidence')
    assert.deepEqual(given.needs_attention, ['no_evidence'])
  })
})

test('a token that is refused midway is replaced, and the push is sent once', () =>
  story({}, async (told) => {
    await told.pay({ phone: '0711000001' })
    told.simulator.faults.set({ seed: 1, rules: [{ api: 'stkpush', fault: 'expire_token', probability: 0.3 }] })
    for (let count = 2; count < 8; count++)
      assert.equal((await told.pay({ phone: `071100000${count}` })).status, 'pending')
    assert.equal(told.simulator.prompts().length, 7)
  }))

test('when the response is lost after acceptance, the payment stays open and its callback settles it', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_response', probability: 1 }] })
    const asked = await told.pay()
    assert.equal(asked.status, 'pending')
    assert.equal(asked.provider_outcome, 'unknown')
    assert.equal(told.simulator.log().filter(({ api, direction }) => api === 'stkpush' && direction === 'in').length, 1)
    told.simulator.phones.get(amina).approve()
    const paid = await told.payment(asked.id)
    assert.equal(paid.status, 'completed')
    assert.equal(paid.provider_outcome, 'accepted')
    assert.deepEqual(await booksOf(told), { lango: 100, ledger: 100 })
  }))

test('when the process dies between intent and outcome, the request is never sent again, and its callback still settles', () => {
  let isDead = false
  const wrap = {
    database: (database: Story['context']['database']) =>
      ({
        ...database,
        query: (query: Parameters<typeof database.query>[0]) =>
          isDead ? Promise.reject(new Error('The process is dead.')) : database.query(query),
      }) as typeof database,
    fetch:
      (next: typeof fetch): typeof fetch =>
      async (input, init) => {
        const response = await next(input, init)
        if (String(input).includes('stkpush')) isDead = true
        return response
      },
  }
  return story({ wrap, promptLifeMs: 600_000 }, async (told) => {
    const died = await told.call(
      'POST',
      '/v1/payments',
      { amount: 100, phone: amina },
      { 'Idempotency-Key': 'order-1' },
    )
    assert.equal(died.status, 500)
    isDead = false
    await told.advance('61 s')
    await checkPayments.run(told.context)
    const again = await told.call(
      'POST',
      '/v1/payments',
      { amount: 100, phone: amina },
      { 'Idempotency-Key': 'order-1' },
    )
    assert.equal(again.headers.get('Idempotency-Replayed'), 'true')
    assert.equal(again.body.data.provider_outcome, 'unknown')
    assert.equal(told.simulator.log().filter(({ api, direction }) => api === 'stkpush' && direction === 'in').length, 1)
    told.simulator.phones.get(amina).approve()
    assert.equal((await told.payment(again.body.data.id)).status, 'completed')
  })
})

test('one poisoned callback in a batch of hundreds is set aside alone, and all the others settle', () =>
  story({}, async (told) => {
    const asked: any[] = []
    for (let count = 100; count < 300; count++) asked.push(await told.pay({ phone: `0711000${count}`, amount: 10 }))
    const poison = asked[77]!
    const replies = await Promise.all(
      asked.map(({ id, provider_ref }, index) =>
        told.post(
          addressOf(told, 'payment', id),
          stkCallback(provider_ref, {
            amount: 10,
            receipt: id === poison.id ? 'not\u0000text' : `UKK${String(index).padStart(7, '0')}`,
          }),
        ),
      ),
    )
    assert.ok(
      replies.every(({ status }) => status === 200),
      'Safaricom is never told of our trouble',
    )
    const { body } = await told.call('GET', '/v1/payments?status=pending')
    assert.deepEqual(
      body.data.map(({ id }: any) => id),
      [poison.id],
    )
    assert.deepEqual(body.data[0].needs_attention, ['unreadable_evidence'])
    assert.equal((await booksOf(told)).lango, 1990)
    const kept = await told.context.database.one<{ count: number }>(
      sql`select count(*) from callbacks where problem is not null`,
    )
    assert.equal(kept.count, 1)
  }))

test('a callback without a token settles nothing', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay()
    const address = addressOf(told, 'payment', id)
    const forged = address.slice(0, -1) + (address.endsWith('0') ? '1' : '0')
    for (const path of ['/v1/webhooks/mpesa', '/v1/in/00', forged]) {
      const reply = await told.post(path, stkCallback(provider_ref))
      assert.equal(reply.status, 200)
    }
    assert.equal((await told.payment(id)).status, 'pending')
    assert.equal((await booksOf(told)).lango, 0)
  }))

test("another payment's token settles neither of them, and a check is due", () =>
  story({}, async (told) => {
    const mine = await told.pay()
    const other = await told.pay({ phone: '0799000120' })
    await told.post(addressOf(told, 'payment', mine.id), stkCallback(other.provider_ref))
    assert.equal((await told.payment(mine.id)).status, 'pending')
    assert.deepEqual((await told.payment(mine.id)).needs_attention, ['mismatch'])
    assert.equal((await told.payment(other.id)).status, 'pending')
    assert.equal((await booksOf(told)).lango, 0)
    const [{ due }] = (await told.context.database.query<{ due: Date }>(
      sql`select check_at as due from payments where id = ${parseId('pay', mine.id)}`,
    )) as [{ due: Date }]
    assert.ok(due <= told.clock.now())
  }))

test("for live money, a callback from an address that is not Safaricom's settles nothing until a check confirms it", () =>
  story({ environment: 'live' }, async (told) => {
    const { id, provider_ref } = await told.pay()
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref))
    assert.equal((await told.payment(id)).status, 'pending')
    assert.equal((await booksOf(told)).lango, 0)
    told.simulator.phones.get(amina).approve()
    await told.payment(id)
    assert.equal(await checkPayments.run(told.context), 1)
    const confirmed = await told.payment(id)
    assert.deepEqual([confirmed.status, confirmed.provider_receipt], ['completed', null])
  }))

test('a wrong amount settles nothing: the money is kept unmatched and shown to a person', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay({ amount: 100 })
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref, { amount: 1 }))
    const open = await told.payment(id)
    assert.equal(open.status, 'pending')
    assert.deepEqual(open.needs_attention, ['wrong_amount'])
    const [money] = await told.context.database.query<any>(
      sql`select amount_cents, payment_id, unmatched_because from money_in`,
    )
    assert.deepEqual(money, { amount_cents: 100, payment_id: null, unmatched_because: 'wrong_amount' })
  }))

const unreadable = ['2,00', 'abc', 'USD 2000', '', null, true, [100], {}, { amount: 2000 }, 0, -100, 100.004, 1e21]

test('an amount that is there and cannot be read settles nothing, is counted nowhere, and is worth a check', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay({ amount: 100 })
    for (const [index, amount] of unreadable.entries()) {
      const receipt = `UKK7X2M4${10 + index}`
      await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref, { amount, receipt }))
      assert.equal((await effectsOn(told, id)).at(-1), 'callback unreadable_amount', JSON.stringify(amount))
    }
    const { status, needs_attention, provider_receipt } = await told.payment(id)
    assert.deepEqual([status, needs_attention, provider_receipt], ['pending', ['unreadable_amount'], null])
    assert.deepEqual(await booksOf(told), { lango: 0, ledger: 0 })
    assert.equal(await checkPayments.run(told.context), 1)
    assert.equal((await told.payment(id)).status, 'pending')
  }))

test('an amount written with a comma is what it says, and not the payment of another amount', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay({ amount: 200 })
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref, { amount: '2,000.00' }))
    const { status, needs_attention } = await told.payment(id)
    assert.deepEqual([status, needs_attention], ['pending', ['wrong_amount']])
    assert.equal((await booksOf(told)).lango, 2000)
  }))

test('an amount as text, and a byte order mark before the body, are read', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay({ amount: 2000 })
    const body = stkCallback(provider_ref, { amount: '2000.00' })
    await told.post(addressOf(told, 'payment', id), `\uFEFF${JSON.stringify(body)}`)
    assert.equal((await told.payment(id)).amount_received, '2000.00')
  }))

for (const typed of ['inv-204', 'INV 204', 'INV204', 'INV-204.', 'INV–204', ' Inv-204 '])
  test(`a payment is found by its reference as a person types it: "${typed}"`, () =>
    story({}, async (told) => {
      const { id } = await told.pay({ account_reference: 'INV-204' })
      await told.pay({ account_reference: 'INV-2040', phone: '0712345679' })
      for (const query of [`account_reference=${encodeURIComponent(typed)}`]) {
        const { body } = await told.call('GET', `/v1/payments?${query}`)
        assert.deepEqual(
          body.data.map((found: { id: string }) => found.id),
          [id],
          query,
        )
      }
      const { body } = await told.call('GET', `/v1/payments?search=${encodeURIComponent(typed)}`)
      assert.equal(body.data.length, 2)
    }))

test('a callback that says that the payment is still under way says nothing, and what comes later settles it', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay()
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref, { code: 4999 }))
    const { status, failure } = await told.payment(id)
    assert.deepEqual([status, failure], ['pending', null])
    assert.equal((await effectsOn(told, id)).at(-1), 'callback informed')
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref))
    assert.equal((await told.payment(id)).status, 'completed')
  }))

test('a receipt that was used before pays nothing more', () =>
  story({}, async (told) => {
    const first = await told.pay()
    const second = await told.pay({ phone: '0799000120' })
    await told.post(addressOf(told, 'payment', first.id), stkCallback(first.provider_ref))
    await told.post(addressOf(told, 'payment', second.id), stkCallback(second.provider_ref))
    assert.equal((await told.payment(second.id)).status, 'pending')
    assert.deepEqual((await told.payment(second.id)).needs_attention, ['receipt_used'])
    assert.equal((await booksOf(told)).lango, 100)
  }))

test('one receipt named for two payments at the same moment pays one of them', () =>
  story({}, async (told) => {
    const asked = [await told.pay(), await told.pay({ phone: '0799000120' })]
    await Promise.all(
      asked.map(({ id, provider_ref }) => told.post(addressOf(told, 'payment', id), stkCallback(provider_ref))),
    )
    const statuses = await Promise.all(asked.map(async ({ id }) => (await told.payment(id)).status))
    assert.deepEqual(statuses.sort(), ['completed', 'pending'])
    assert.equal((await booksOf(told)).lango, 100)
  }))

test('a receipt that comes in other forms is the same receipt', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay()
    for (const receipt of ['ukk7x2m4qa', ' UKK7X2M4QA ', '="UKK7X2M4QA"', '\u200BUKK7X2M4QA'])
      await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref, { receipt }))
    const { provider_receipt, needs_attention } = await told.payment(id)
    assert.deepEqual([provider_receipt, needs_attention], ['UKK7X2M4QA', null])
    assert.equal((await booksOf(told)).lango, 100)
    const { body } = await told.call('GET', '/v1/money-in?receipt=ukk7x2m4qa')
    assert.equal(body.data.length, 1)
  }))

test('a second receipt for a payment is money that no payment explains', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay()
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref, { receipt: 'UKK0000001' }))
    await told.post(addressOf(told, 'payment', id), stkCallback(provider_ref, { receipt: 'UKK0000002' }))
    assert.equal((await told.payment(id)).provider_receipt, 'UKK0000001')
    assert.equal((await booksOf(told)).lango, 200)
    assert.deepEqual(await toldOf(told, id), ['payment.completed'])
  }))

test('wrong credentials show as a failed payment with the words of Safaricom and our advice', () =>
  story({}, async (told) => {
    const mpesa = {
      env: 'simulator',
      consumer_key: 'story-key',
      consumer_secret: 'story-secret',
      passkey: 'not the passkey',
      shortcode: '174379',
    }
    assert.equal((await told.call('PUT', '/v1/merchant/providers/mpesa', { provider: 'mpesa', mpesa })).status, 200)
    const { status, failure, provider_outcome } = await told.pay()
    assert.equal(status, 'failed')
    assert.equal(provider_outcome, 'refused')
    assert.equal(failure.code, 'refused')
    assert.match(failure.message, /^M-Pesa refused the passkey/)
  }))

test('two hundred payments at once all complete, each with its own receipt, and the books equal the ledger', () =>
  story({}, async (told) => {
    await told.simulator.fetch('/_/phones/254708374149', {
      method: 'PUT',
      body: '{"auto":"approve"}',
      headers: { 'Content-Type': 'application/json' },
    })
    const asked = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        told.pay(
          { phone: '254708374149', amount: 10 + index, account_reference: `ORDER-${index}` },
          { 'Idempotency-Key': `order-${index}` },
        ),
      ),
    )
    await told.simulator.settled()
    const rows = await told.context.database.query<{ provider_receipt: string }>(
      sql`select provider_receipt from payments where status = 'completed'`,
    )
    assert.equal(rows.length, asked.length)
    assert.equal(new Set(rows.map(({ provider_receipt }) => provider_receipt)).size, 200)
    const { lango, ledger } = await booksOf(told)
    assert.equal(lango, ledger)
  }))
