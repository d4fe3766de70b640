import assert from 'node:assert/strict'
import test from 'node:test'
import { b2b, parseB2bResult } from './b2b.ts'
import { readFixture } from './fixtures/fixture.ts'
import { recorded, scriptedDaraja } from './fixtures/gateway.ts'

test('the result of a payment to a business is read from text', () => {
  const { result, ...paid } = parseB2bResult(readFixture('b2b.result.success.json')) ?? assert.fail()
  assert.equal(result.resultCode, '0')
  assert.deepEqual(paid, {
    receipt: 'QKA81LK5CY',
    amount: 190,
    currency: 'KES',
    receiver: { identifier: '000000', name: 'Biller Companty' },
    transactedAt: new Date('2022-11-10T08:07:17Z'),
    debitAccountBalance: 6186.83,
    affectedBalance: 'Working Account|KES|346568.83|6186.83|340382.00|0.00',
    charges: undefined,
  })
})

test('failures of B2B, top-up and tax are read in each of their shapes', () => {
  const times = [
    ['b2b', '2020-01-20T13:48:25.000Z'],
    ['b2c-top-up', undefined],
    ['tax-remittance', '2020-01-20T13:48:25.000Z'],
  ]
  for (const [api, time] of times) {
    const failed = parseB2bResult(readFixture(`${api}.result.failure.json`))
    assert.deepEqual([failed?.result.resultCode, failed?.receipt], ['2001', undefined])
    assert.equal(failed?.transactedAt?.toISOString(), time)
  }
})

test('every command is sent as it is named, and a till may be named as one', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('acknowledged.json')] })
  const payment = {
    initiator: 'testapi',
    securityCredential: 'x',
    shortcode: '600979',
    receiver: '373132',
    amount: 300_000,
    accountReference: 'INV-7',
    resultUrl: 'https://shop.example/in/1f2e',
    timeoutUrl: 'https://shop.example/in/1f2e/timeout',
  }
  for (const command of ['BusinessBuyGoods', 'BusinessTransferFromMMFToUtility', 'AgencyFloatAdvance'] as const) {
    const outcome = await b2b(daraja, { ...payment, command, receiverType: 'till' })
    assert.equal(outcome.kind, 'accepted')
    const sent = seen.at(-1)?.body as Record<string, string>
    assert.deepEqual(
      [sent['CommandID'], sent['SenderIdentifierType'], sent['RecieverIdentifierType']],
      [command, '4', '2'],
    )
  }
})
