import assert from 'node:assert/strict'
import test from 'node:test'
import { readFixture } from './fixtures/fixture.ts'
import { CREDENTIALS, failedFetch, recorded, scriptedPesaflow } from './fixtures/gateway.ts'
import type { Line } from './fixtures/gateway.ts'
import { paymentState } from './payment-state.ts'
import type { PaymentState } from './payment-state.ts'
import { paymentStatus } from './payment-status.ts'
import { statusHash } from './secure-hash.ts'

const ask = (line: Line, refNo = 'GWLQKD') => paymentStatus(scriptedPesaflow({ api: [line] }).pesaflow, refNo)

test('a question carries number and hash, and no token', async () => {
  const { pesaflow, seen, oauthSeen } = scriptedPesaflow({ api: [recorded('status.pending.json')] })
  await paymentStatus(pesaflow, 'B/1 &')
  const url = new URL(seen[0]?.url ?? '')
  assert.equal(url.pathname, '/api/invoice/payment/status')
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    api_client_id: '1',
    ref_no: 'B/1 &',
    secure_hash: await statusHash(CREDENTIALS, 'B/1 &'),
  })
  assert.deepEqual([seen[0]?.headers.get('Authorization'), oauthSeen.length], [null, 0])
})

test('a question that is answered 401 is asked again with a token', async () => {
  const { pesaflow, seen } = scriptedPesaflow({
    api: [recorded('oauth.refused.json', 401), recorded('status.pending.json')],
  })
  assert.equal((await paymentStatus(pesaflow, 'GWLQKD')).kind, 'status')
  assert.deepEqual(
    seen.map(({ headers }) => headers.get('Authorization')),
    [null, 'Bearer token-1'],
  )
})

test('a bill that waits has no payment', async () => {
  assert.deepEqual(await ask(recorded('status.pending.json')), {
    kind: 'status',
    status: 'pending',
    refNo: 'GWLQKD',
    reference: 'B-1',
    payerName: 'Jane Doe',
    currency: 'KES',
    paidCents: 0,
    expectedCents: 10500,
    paidAt: undefined,
    instalments: [],
    raw: readFixture('status.pending.json'),
  })
})

test('a paid bill says how much and when', async () => {
  const answer = await ask(recorded('status.settled.json'), 'B-1')
  assert.ok(answer.kind === 'status')
  assert.deepEqual(
    [answer.status, answer.paidCents, answer.paidAt],
    ['settled', 10500, new Date('2026-11-25T11:30:00Z')],
  )
})

test('payments are read where an answer names them', async () => {
  const settled = JSON.parse(readFixture('status.settled.json')) as object
  const body = JSON.stringify({ ...settled, payment_reference: 'TA000AAAAA' })
  const answer = await ask({ status: 200, body })
  assert.equal(answer.kind === 'status' && answer.instalments[0]?.receipt, 'TA000AAAAA')
})

const nothings: [string, Line, 'not_found' | 'refused' | 'unknown'][] = [
  ['a bill that is not known', recorded('status.not-found.json', 404), 'not_found'],
  ['a wrong hash', recorded('status.refused.invalid-hash.json', 422), 'refused'],
  [
    'an answer about another bill',
    { status: 200, body: readFixture('status.settled.json').replace('GWLQKD', 'X').replace('B-1', 'Y') },
    'unknown',
  ],
  ['an answer without a status', { status: 200, body: '{"ref_no":"GWLQKD"}' }, 'unknown'],
  ['HTML in place of JSON', recorded('checkout.page.html'), 'unknown'],
  ['a gateway that is away', recorded('gateway.502.html', 502), 'unknown'],
  ['an answer with status 500', recorded('status.settled.json', 500), 'unknown'],
  ['a cut connection', failedFetch({ code: 'ECONNRESET' }), 'unknown'],
  ['no connection', failedFetch({ code: 'ECONNREFUSED' }), 'refused'],
]

for (const [situation, line, reason] of nothings) {
  test(`${situation} says nothing about the payment`, async () => {
    const answer = await ask(line)
    assert.equal(answer.kind === 'none' && answer.reason, reason)
  })
}

const states: [
  status: string,
  currency: string | undefined,
  paidCents: number | 'unreadable' | undefined,
  PaymentState,
][] = [
  ['pending', 'KES', 0, 'unpaid'],
  ['settled', 'KES', 10500, 'paid'],
  ['SETTLED', 'KES', 10500, 'paid'],
  ['paid', 'KES', 10500, 'paid'],
  ['SUCCESS', 'KES', 10500, 'paid'],
  ['settled', 'KES', 20000, 'paid'],
  ['settled', 'KES', 10499, 'part_paid'],
  ['pending', 'KES', 4000, 'part_paid'],
  ['whatever', 'KES', 1, 'part_paid'],
  ['settled', 'KES', 0, 'unclear'],
  ['pending', 'KES', 10500, 'unclear'],
  ['failed', 'KES', 0, 'unpaid'],
  ['settled', 'USD', 10500, 'unclear'],
  ['settled', undefined, 10500, 'unclear'],
  ['settled', 'KES', undefined, 'unclear'],
  ['settled', 'KES', 'unreadable', 'unclear'],
]

test('a bill is paid by its word and its amount together', () => {
  for (const [status, currency, paidCents, expected] of states) {
    const state = paymentState({ status, currency, paidCents }, { amountCents: 10500, currency: 'KES' })
    assert.equal(state, expected, `${status} ${currency} ${paidCents}`)
  }
})

test('which words mean paid is a setting', () => {
  const answer = { status: 'Completed', currency: 'KES', paidCents: 10500 }
  const expected = { amountCents: 10500, currency: 'KES' }
  assert.equal(paymentState(answer, expected), 'unclear')
  assert.equal(paymentState(answer, expected, ['completed']), 'paid')
})
