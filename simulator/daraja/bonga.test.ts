import assert from 'node:assert/strict'
import { test } from 'node:test'
import { post } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { assertShape, fixture } from '../testing/recordings.ts'

type Json = Record<string, unknown>

test('points are worth twenty cents each', async () => {
  const { simulator } = merchant()
  const { body } = await post(simulator, '/v1/lipa/na/bonga/calculate-points', { points: '40' })
  assertShape(body, 'bonga.calculate.accepted')
  assert.deepEqual(body.body, { amount: '8', points: '40', rate: '0.2' })
})

/** A paybill that listens for C2B payments and asks Amina for points. */
async function paybill() {
  const shop = merchant()
  await post(shop.simulator, '/mpesa/c2b/v2/registerurl', {
    ShortCode: '888880',
    ResponseType: 'Completed',
    ConfirmationURL: 'https://shop.example/confirmation',
    ValidationURL: 'https://shop.example/validation',
  })
  const { body } = await post(shop.simulator, '/v1/lipa/na/bonga/redeem-paybill', {
    ...(fixture('bonga.redeem.request') as Json),
    msisdn: '254712345678',
  })
  assertShape(body, 'bonga.redeem.accepted')
  return { ...shop, phone: shop.simulator.phones.get('0712345678') }
}

test('a customer pays with points: the paybill is paid and told as in C2B, and the balance stays', async () => {
  const { simulator, requests, callbacks, phone } = await paybill()
  const { receipt } = phone.approve()
  await simulator.settled()
  assert.equal(requests[0]?.url, 'https://shop.example/confirmation')
  assert.deepEqual([callbacks()[0]?.TransID, callbacks()[0]?.TransAmount], [receipt, '50.00'])
  assert.equal(phone.balance, 10_400)
  assert.equal(simulator.ledger.balances()['888880']?.['Utility Account'], 100_050)
})

test('a customer who cancels pays nothing, and nobody is told', async () => {
  const { simulator, callbacks, phone } = await paybill()
  phone.cancel()
  await simulator.settled()
  assert.equal(callbacks().length, 0)
  assert.equal(simulator.ledger.entries.length, 0)
})
