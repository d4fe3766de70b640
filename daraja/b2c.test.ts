import assert from 'node:assert/strict'
import test from 'node:test'
import { b2c, parseB2cResult } from './b2c.ts'
import type { B2c } from './b2c.ts'
import { readFixture } from './fixtures/fixture.ts'
import { recorded, scriptedDaraja } from './fixtures/gateway.ts'

const payment: B2c = {
  initiator: 'testapi',
  securityCredential: 'x',
  command: 'SalaryPayment',
  shortcode: '600992',
  phone: '0705 912 645',
  amount: 10,
  originatorConversationId: 'pot_1f2e',
  resultUrl: 'https://shop.example/in/1f2e',
  timeoutUrl: 'https://shop.example/in/1f2e/timeout',
}

test('version 1 goes to its own path and carries no id of ours', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('acknowledged.json')] })
  await b2c(daraja, { ...payment, version: 'v1' })
  assert.match(seen[0]?.url ?? '', /\/mpesa\/b2c\/v1\/paymentrequest$/)
  assert.equal(JSON.stringify(seen[0]?.body).includes('OriginatorConversationID'), false)
})

test('less than ten shillings, and a payment without an id, are refused here', async () => {
  const { daraja } = scriptedDaraja({ api: [recorded('acknowledged.json')] })
  for (const change of [{ amount: 9 }, { originatorConversationId: '' }, { remarks: 'x' }, { phone: '12' }]) {
    const outcome = await b2c(daraja, { ...payment, ...change })
    assert.equal(outcome.kind === 'refused' && outcome.code, 'refused_locally')
  }
})

test('the result of a payment is read by name, with its own way to write a time', () => {
  const { result, ...paid } = parseB2cResult(readFixture('b2c.result.success.json')) ?? assert.fail()
  assert.equal(result.originatorConversationId, '53e3-4aa8-9fe0-8fb5e4092cdd3533373')
  assert.deepEqual(paid, {
    receipt: 'SG632NMUAB',
    amount: 10,
    receiver: { identifier: '254705912645', name: 'NICHOLAS JOHN SONGOK' },
    receiverIsRegistered: true,
    transactedAt: new Date('2024-07-06T19:48:52Z'),
    utilityBalance: 8_959_269.6,
    workingBalance: 1_199_371,
    chargesPaidBalance: -1980,
  })
})

test('a payment that failed has no receipt, however real the one in its envelope looks', () => {
  for (const [name, code] of [
    ['initiator-invalid', '2001'],
    ['insufficient-funds', '1'],
  ]) {
    const failed = parseB2cResult(readFixture(`b2c.result.${name}.json`))
    assert.deepEqual([failed?.result.resultCode, failed?.receipt, failed?.receiver], [code, undefined, undefined])
  }
})
