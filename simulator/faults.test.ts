import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FaultRule } from './faults.ts'
import { askToPay, post, tokenOf } from './testing/daraja.ts'
import { merchant, put } from './testing/merchant.ts'

const rule = (fault: FaultRule['fault'], rest: Partial<FaultRule> = {}): { rules: FaultRule[] } => ({
  rules: [{ api: 'stkpush', fault, probability: 1, ...rest }],
})

for (const [fault, status, told] of [
  ['http_500', 500, '500.003.1001'],
  ['spike_arrest', 500, '500.003.02'],
  ['expire_token', 404, '404.001.03'],
] as const) {
  test(`${fault}: the push is refused and the phone does not ring`, async () => {
    const { simulator } = merchant()
    simulator.faults.set(rule(fault))
    const { status: got, answer } = await askToPay(simulator, { PhoneNumber: '254712345678' })
    assert.deepEqual([got, answer.errorCode], [status, told])
    assert.equal(simulator.prompts().length, 0)
    assert.equal(simulator.log().at(-1)?.fault, fault)
  })
}

test('html_503: the firewall answers with a page', async () => {
  const { simulator } = merchant()
  simulator.faults.set(rule('html_503'))
  const { status, text, response } = await post(simulator, '/mpesa/stkpush/v1/processrequest', {})
  assert.equal(status, 503)
  assert.equal(response.headers.get('content-type'), 'text/html')
  assert.match(text, /Request unsuccessful\. Incapsula incident ID: \d+-\d+/)
})

test('expire_token: the token is gone for every API, until a new one is minted', async () => {
  const { simulator } = merchant()
  const token = await tokenOf(simulator)
  simulator.faults.set(rule('expire_token'))
  await askToPay(simulator, {}, { token })
  simulator.faults.set({ rules: [] })
  assert.equal((await askToPay(simulator, {}, { token })).status, 404)
  assert.equal((await askToPay(simulator)).status, 200)
})

test('cut: the connection breaks and nothing has happened', async () => {
  const { simulator } = merchant()
  simulator.faults.set(rule('cut'))
  await assert.rejects(askToPay(simulator, { PhoneNumber: '254712345678' }), {
    name: 'TypeError',
    message: 'fetch failed',
  })
  assert.equal(simulator.prompts().length, 0)
})

test('drop_response: the connection breaks, and yet the phone rings and the callback comes', async () => {
  const { simulator, codes } = merchant()
  simulator.faults.set(rule('drop_response'))
  await assert.rejects(askToPay(simulator), TypeError)
  await simulator.settled()
  assert.deepEqual(codes(), [0])
  assert.equal(simulator.ledger.entries.length, 1)
})

test('drop_callback: money moves and nobody is told', async () => {
  const { simulator, callbacks } = merchant()
  simulator.faults.set(rule('drop_callback'))
  await askToPay(simulator)
  await simulator.settled()
  assert.equal(simulator.ledger.entries.length, 1)
  assert.equal(callbacks().length, 0)
  assert.equal(simulator.log().at(-1)?.state, 'dropped')
})

test('duplicate_callback: the same bytes twice', async () => {
  const { simulator, requests } = merchant()
  simulator.faults.set(rule('duplicate_callback'))
  await askToPay(simulator)
  await simulator.settled()
  assert.equal(requests.length, 2)
  assert.equal(requests[0]?.text, requests[1]?.text)
})

test('late_callback: later, and not before', async () => {
  const { simulator, clock, callbacks } = merchant()
  simulator.faults.set(rule('late_callback', { delay_ms: 300_000 }))
  await askToPay(simulator)
  await simulator.settled()
  await clock.advance('299 s')
  assert.equal(callbacks().length, 0)
  await clock.advance('1 s')
  await simulator.settled()
  assert.equal(callbacks().length, 1)
})

test('early_callback: the callback is answered before the push is', async () => {
  const order: string[] = []
  const { simulator, handle } = merchant()
  handle(async () => {
    await new Promise((resolve) => setImmediate(resolve))
    order.push('callback')
    return new Response()
  })
  simulator.faults.set(rule('early_callback'))
  await askToPay(simulator)
  order.push('answer')
  await simulator.settled()
  assert.deepEqual(order, ['callback', 'answer'])
})

test('early_callback: a person has time to answer, while everything else is settled', async () => {
  const { simulator, codes } = merchant()
  simulator.faults.set(rule('early_callback'))
  const asking = askToPay(simulator, { PhoneNumber: '254712345678' })
  await simulator.settled()
  simulator.phones.get('0712345678').approve()
  assert.equal((await asking).status, 200)
  assert.deepEqual(codes(), [0])
})

test('reorder: the first callback comes after the second', async () => {
  const { simulator, callbacks } = merchant()
  simulator.faults.set(rule('reorder'))
  const first = await askToPay(simulator, { Amount: 1 })
  await simulator.settled()
  assert.equal(callbacks().length, 0)
  const second = await askToPay(simulator, { Amount: 2 })
  await simulator.settled()
  const ids = callbacks().map(
    (body) => (body as { Body: { stkCallback: { CheckoutRequestID: string } } }).Body.stkCallback.CheckoutRequestID,
  )
  assert.deepEqual(ids, [second.answer.CheckoutRequestID, first.answer.CheckoutRequestID])
})

test('reorder: with no other callback it comes by itself in the end', async () => {
  const { simulator, clock, callbacks } = merchant()
  simulator.faults.set(rule('reorder', { delay_ms: 5000 }))
  await askToPay(simulator)
  await clock.advance('5 s')
  await simulator.settled()
  assert.equal(callbacks().length, 1)
})

test('a rule for one phone spares the others', async () => {
  const { simulator } = merchant()
  simulator.faults.set(rule('http_500', { msisdn: '0712345678' }))
  assert.equal((await askToPay(simulator, { PhoneNumber: '254712345678' })).status, 500)
  assert.equal((await askToPay(simulator, { PhoneNumber: '254799000120' })).status, 200)
})

test('a logged callback can be sent again, sent late, and dropped while it waits', async () => {
  const { simulator, clock, requests } = merchant()
  await askToPay(simulator)
  await simulator.settled()
  const sent = simulator.log().find(({ direction }) => direction === 'out')
  await simulator.resend(sent?.id ?? '')
  assert.equal(requests[1]?.text, requests[0]?.text)
  void simulator.sendLate(sent?.id ?? '', 60_000)
  void simulator.sendLate(sent?.id ?? '', 90_000)
  simulator.drop(simulator.log().at(-1)?.id ?? '')
  await clock.advance('2 minutes')
  await simulator.settled()
  assert.deepEqual(
    simulator
      .log()
      .map(({ direction, state }) => `${direction} ${state}`)
      .slice(-3),
    ['out done', 'out done', 'out dropped'],
  )
  assert.throws(() => simulator.drop('log_1'), /has no callback log_1/)
})

test('the same seed and the same requests give the same storm, to the letter of the log', async () => {
  const run = async (seed: number) => {
    const { simulator, clock } = merchant({ seed })
    simulator.faults.set({
      rules: [
        { api: '*', fault: 'cut', probability: 0.1 },
        { api: 'stkpush', fault: 'http_500', probability: 0.1 },
        { api: 'stkpush', fault: 'duplicate_callback', probability: 0.3, delay_ms: 1000 },
        { api: 'stkpush', fault: 'late_callback', probability: 0.3, delay_ms: 20_000 },
        { api: 'stkpush', fault: 'reorder', probability: 0.3 },
        { api: 'stkpush', fault: 'drop_callback', probability: 0.1 },
      ],
    })
    for (let round = 0; round < 10; round++) {
      await Promise.allSettled(
        ['254712345678', '254799000120', '254708374149'].map(async (PhoneNumber) => {
          await askToPay(simulator, { PhoneNumber, Amount: round + 1 })
          if (PhoneNumber === '254712345678') simulator.phones.get(PhoneNumber).approve()
        }),
      )
      await clock.advance('61 s')
      await simulator.settled()
    }
    return JSON.stringify(simulator.log())
  }
  const storm = await run(7)
  assert.equal(await run(7), storm)
  assert.notEqual(await run(8), storm)
  assert.ok(JSON.parse(storm).length > 50)
})

test('without a seed no receipt is ever made twice, nor after a reset, nor in another simulator', async () => {
  const receipts = new Set<string>()
  for (const { simulator } of [merchant(), merchant()]) {
    for (let round = 0; round < 2; round++) {
      for (let count = 0; count < 50; count++) await askToPay(simulator)
      await simulator.settled()
      simulator.ledger.entries.forEach(({ receipt }) => receipts.add(receipt))
      simulator.reset()
    }
  }
  assert.equal(receipts.size, 200)
})

test('a bad rule is refused with what to write instead, and the rules stay as they were', async () => {
  const { simulator } = merchant()
  simulator.faults.set(rule('cut'))
  for (const [plan, told] of [
    [{}, /rules must be a list/],
    [{ rules: [{ api: 'stk', fault: 'cut', probability: 1 }] }, /api must be "\*" or one of oauth, stkpush/],
    [{ rules: [{ api: '*', fault: 'boom', probability: 1 }] }, /fault must be one of cut/],
    [{ rules: [{ api: '*', fault: 'cut', probability: 2 }] }, /probability must be a number from 0 to 1/],
    [{ rules: [{ api: '*', fault: 'cut', probability: 1, msisdn: '12' }] }, /msisdn must be a Kenyan mobile number/],
    [{ rules: [{ api: '*', fault: 'cut', probability: 1, delay: 5 }] }, /no field delay here/],
    [{ rules: [{ api: '*', fault: 'cut', probability: 1, delay_ms: -5 }] }, /delay_ms must be/],
    [[], /The body must be a JSON object/],
  ] as const) {
    const response = await put(simulator, '/_/faults', plan)
    assert.equal(response.status, 400)
    assert.match(((await response.json()) as { error: string }).error, told)
  }
  assert.equal(simulator.faults.get().rules.length, 1)
})
