import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SimulatorOptions } from '../simulator.ts'
import { askToPay, post, tokenOf } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { assertShape, fixture, words } from '../testing/recordings.ts'

type Json = Record<string, unknown>

/** A merchant whom Amina has paid from the SIM menu, and the test number by a push a minute later. */
async function paidMerchant(options: SimulatorOptions = {}) {
  const shop = merchant(options)
  const { simulator, clock } = shop
  await simulator.phones.get('0712345678').pay({ shortcode: '174379', amount: 168, reference: '37207636392' })
  await clock.advance('1 minute')
  await askToPay(simulator, { Amount: 5 })
  await simulator.settled()
  const query = async (changes: Json = {}) =>
    (
      await post(simulator, '/pulltransactions/v1/query', {
        ShortCode: '174379',
        StartDate: '2026-11-20 8:36:00',
        EndDate: '2026-11-23 10:10:000',
        OffSetValue: '0',
        ...changes,
      })
    ).body
  return { ...shop, query }
}

const registration = {
  ShortCode: '174379',
  RequestType: 'Pull',
  NominatedNumber: '0722000000',
  CallBackURL: 'https://shop.example/pull',
}
const recordsOf = (answer: Json) => (answer.Response as Json[][])[0] ?? []

test('the payments of customers are listed in an array in an array, with the payer’s nine digits unmasked', async () => {
  const { simulator, query } = await paidMerchant()
  const answer = await query()
  const [first, second] = recordsOf(answer)
  assert.deepEqual(first, {
    transactionId: simulator.ledger.entries[0]?.receipt,
    trxDate: '2026-11-20T17:15:05Z',
    msisdn: 712345678,
    sender: 'Amina Hassan',
    transactiontype: 'c2b-pay-bill-debit',
    billreference: '37207636392',
    amount: '168.00',
    organizationname: 'Daraja-Sandbox',
  })
  assert.equal(second?.amount, '5.00')
  assertShape(await query({ OffSetValue: 1 }), 'pull-query.accepted')
})

test('payouts and reversals are not listed, and the payment that went back still is', async () => {
  const { simulator, query } = await paidMerchant()
  const { receipt } = simulator.ledger.entries[0] ?? {}
  await simulator.fetch('/_/reverse', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ receipt }),
  })
  assert.equal(recordsOf(await query()).length, 2)
})

test('the offset counts rows, and a page has a hundred', async () => {
  const { simulator, query } = await paidMerchant()
  const token = await tokenOf(simulator)
  for (let i = 0; i < 101; i++) await askToPay(simulator, {}, { token })
  await simulator.settled()
  assert.equal(recordsOf(await query()).length, 100)
  assert.equal(recordsOf(await query({ OffSetValue: '100' })).length, 3)
})

test('nothing found is 1001, and the empty list a text', async () => {
  const { query } = await paidMerchant()
  const answer = await query({ EndDate: '2026-11-20 20:15:04' })
  assertShape(answer, 'pull-query.empty')
  assert.deepEqual([answer.ResponseCode, answer.Transaction], ['1001', '[[]]'])
})

test('after 48 hours a payment is out of reach', async () => {
  const { clock, query } = await paidMerchant()
  await clock.advance('47 hours')
  assert.equal(recordsOf(await query()).length, 2)
  await clock.advance('2 hours')
  assert.equal((await query()).ResponseCode, '1001')
})

test('what the Z of the dates means is a switch', async () => {
  const { query } = await paidMerchant({ settings: { pull_dates: 'nairobi' } })
  assert.equal(recordsOf(await query())[0]?.trxDate, '2026-11-20T20:15:05Z')
})

test('a short code is registered once', async () => {
  const { simulator } = merchant()
  const register = () => post(simulator, '/pulltransactions/v1/register', registration)
  assertShape((await register()).body, 'pull-register.accepted')
  const again = (await register()).body
  assertShape(again, 'pull-register.already')
  assert.equal(again['Response Status'], '1001')
})

test('registered short codes only, as in production, or none, as in the sandbox', async () => {
  const { simulator, query } = await paidMerchant({ settings: { pull: 'registered' } })
  assert.deepEqual(words(await query()), words(fixture('pull-query.refused.short-code')))
  await post(simulator, '/pulltransactions/v1/register', registration)
  assert.equal((await query()).ResponseCode, '1000')
  simulator.settings.set({ pull: 'refused' })
  assert.equal((await query()).errorCode, '400.001')
  assert.equal((await post(simulator, '/pulltransactions/v1/register', registration)).body.errorCode, '400.001')
})

test('a query may be a GET, as the portal says', async () => {
  const { simulator } = await paidMerchant()
  const parameters = new URLSearchParams({
    ShortCode: '174379',
    StartDate: '2026-11-20 00:00:00',
    EndDate: '2026-11-21 00:00:00',
  })
  const response = await simulator.fetch(`/pulltransactions/v1/query?${parameters}`, {
    headers: { Authorization: `Bearer ${await tokenOf(simulator)}`, 'Content-Type': 'application/json' },
  })
  assert.equal(recordsOf((await response.json()) as Json).length, 2)
})

test('a bad date is named, and a bad token has the words of this family', async () => {
  const { simulator, query } = await paidMerchant()
  assert.equal((await query({ StartDate: '20/11/2026' })).errorMessage, 'Bad Request - Invalid StartDate')
  const bad = await post(simulator, '/pulltransactions/v1/query', {}, { token: 'bad' })
  assert.deepEqual([bad.status, words(bad.body)], [401, words(fixture('token.refused.401.001'))])
})
