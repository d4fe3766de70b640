import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askToPay, query } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { aboutEntry } from './about.ts'
import type { About } from './about.ts'
import { textOf } from '../testing/browser.ts'

type Shop = ReturnType<typeof merchant>

/** What each line of the log of an API was about, oldest first. */
const aboutAll = ({ simulator }: Shop, api: string): About[] => {
  const entries = simulator.log()
  return entries.flatMap((entry, index) => (entry.api === api ? [aboutEntry(entries, index)] : []))
}

test('a request and its callback tell the amount, the reference and what came of it', async () => {
  const shop = merchant()
  await askToPay(shop.simulator, { PhoneNumber: '254712345678', Amount: 1500, AccountReference: 'INV-204' })
  shop.simulator.phones.get('0712345678').approve()
  await shop.simulator.settled()
  assert.deepEqual(aboutAll(shop, 'stkpush'), [
    { amount: 1500, reference: 'INV-204', why: 'Success. Request accepted for processing' },
    { amount: 1500, reference: null, why: '0 The service request is processed successfully.' },
  ])
})

test('a callback of a failure, which tells no amount, is about what its request was about', async () => {
  const shop = merchant()
  await askToPay(shop.simulator, { PhoneNumber: '254712345678', Amount: 80, AccountReference: 'ORD-1' })
  await askToPay(shop.simulator, { PhoneNumber: '254799000120', Amount: 90, AccountReference: 'ORD-2' })
  shop.simulator.phones.get('0712345678').cancel()
  await shop.simulator.settled()
  assert.deepEqual(aboutAll(shop, 'stkpush').at(-1), {
    amount: 80,
    reference: 'ORD-1',
    why: '1032 Request cancelled by user',
  })
})

test('a question about a request is about what the request was about', async () => {
  const shop = merchant()
  const { answer } = await askToPay(shop.simulator, {
    PhoneNumber: '254712345678',
    Amount: 80,
    AccountReference: 'ORD-1',
  })
  for (let times = 0; times < 2; times++) await query(shop.simulator, String(answer.CheckoutRequestID))
  const { amount, reference, why } = aboutAll(shop, 'stkpushquery').at(-1)!
  assert.deepEqual([amount, reference], [80, 'ORD-1'])
  assert.match(why ?? '', /processing/)
})

test('a request that is refused says why', async () => {
  const shop = merchant()
  await shop.simulator.fetch('/mpesa/stkpush/v1/processrequest', { method: 'POST', body: '{"Amount": 5}' })
  const [about] = aboutAll(shop, 'stkpush')
  assert.equal(about?.amount, 5)
  assert.match(about?.why ?? '', /^40\d\.\d+\.\d+ /)
})

for (const [body, about] of [
  [null, { amount: null, reference: null, why: null }],
  ['<html>503</html>', { amount: null, reference: null, why: null }],
  [
    { TransAmount: '250.00', BillRefNumber: 'INV-9', TransactionType: 'Pay Bill' },
    { amount: 250, reference: 'INV-9', why: 'Pay Bill' },
  ],
  [
    {
      Result: {
        ResultCode: 0,
        ResultDesc: 'Done.',
        ResultParameters: { ResultParameter: [{ Key: 'TransactionAmount', Value: 70 }] },
      },
    },
    { amount: 70, reference: null, why: '0 Done.' },
  ],
  ['amountExpected=105&billRefNumber=BL-7', { amount: 105, reference: 'BL-7', why: null }],
  [{ Amount: 'much' }, { amount: null, reference: null, why: null }],
] as const) {
  test(`${JSON.stringify(body)} is about ${JSON.stringify(about)}`, () => {
    const entry = { direction: 'out', api: 'c2b', body, answer: null, msisdn: null } as never
    assert.deepEqual(aboutEntry([entry], 0), about)
  })
}

test('the page says it in one line, with the fault that struck', async () => {
  const { simulator } = merchant()
  simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'duplicate_callback', probability: 1 }] })
  await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 1500, AccountReference: 'INV-204' })
  simulator.phones.get('0712345678').approve()
  await simulator.settled()
  const page = (await textOf(simulator, '/faults')).replaceAll(/<[^>]+>|\s+/g, ' ').replaceAll(/\s+/g, ' ')
  assert.match(
    page,
    /stkpush KSh 1,500\.00 0712 345 678 INV-204 Success\. Request accepted for processing duplicate callback/,
  )
})
