import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Simulator } from '../simulator.ts'
import { post, tokenOf } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { assertShape, fixture, words } from '../testing/recordings.ts'

type Json = Record<string, unknown>

const get = async (simulator: Simulator, path: string) => {
  const response = await simulator.fetch(path, { headers: { Authorization: `Bearer ${await tokenOf(simulator)}` } })
  return (await response.json()) as Json
}

test('a SIM card was swapped long ago, unless it is the one that was swapped yesterday', async () => {
  const { simulator } = merchant()
  const { body } = await post(simulator, '/imsi/v2/checkATI', { customerNumber: '254722000000' })
  assertShape(body, 'sim-swap.accepted')
  assert.equal(body.lastSwapDate, '01-01-1900 00:00')
  const swapped = await post(simulator, '/imsi/v2/checkATI', { customerNumber: '254700000777' })
  assert.equal(swapped.body.lastSwapDate, '19-11-2026 20:15')
})

test('a number has an IMSI and an age that stay the same', async () => {
  const { simulator } = merchant()
  const ask = async () => (await post(simulator, '/imsi/v1/checkATI', { customerNumber: '254722000000' })).body
  const first = await ask()
  assertShape(first, 'imsi.accepted')
  assert.equal((await ask()).imsi, first.imsi)
  const age = await post(simulator, '/registration/lookup/v1/checkATI', { customerNumber: '254722000000' })
  assertShape(age.body, 'age-on-network.accepted')
})

test('the age of an unknown number is a status 400 with 404 inside', async () => {
  const { simulator } = merchant()
  const { status, body } = await post(simulator, '/registration/lookup/v1/checkATI', { customerNumber: '254700000404' })
  assertShape(body, 'age-on-network.refused.not-found')
  assert.deepEqual([status, body.responseCode], [400, '404'])
})

test('a number belongs to the holder of any document but one', async () => {
  const { simulator } = merchant()
  const ask = async (idNumber: string) => {
    const asked = { requestRefID: 'r-1', shortCode: '600000', msisdn: '254722000000', idType: '01', idNumber }
    return (await post(simulator, '/v1/KYC-validation/validateID', asked)).body
  }
  assertShape(await ask('12345678'), 'number-validation.accepted')
  assert.equal((await ask('12345678')).status, 'TRUE')
  assert.equal((await ask('00000000')).status, 'FALSE')
})

test('an organisation is known by its short code', async () => {
  const { simulator } = merchant()
  const ask = async (Identifier: string) =>
    (await post(simulator, '/sfcverify/v1/query/info', { IdentifierType: '4', Identifier })).body
  const known = await ask('174379')
  assertShape(known, 'organisation-info.accepted')
  assert.equal(known.OrganizationName, 'Daraja-Sandbox')
  assert.equal((await ask('999999')).ResponseMessage, 'Rejected')
})

test('a person is known by the phone, with the names masked', async () => {
  const { simulator } = merchant()
  simulator.phones.set('0712345678', { name: 'Amina Wanjiru Hassan' })
  const ask = (msisdn: string) =>
    post(simulator, '/mpesa/b2c/hakikisha/v1/hakikisha', {
      header: { requestID: 'r-1', timestamp: '1748933384' },
      body: { msisdn, shortcode: '600000' },
    })
  const { body } = await ask('254712345678')
  assertShape(body, 'hakikisha-b2c.accepted')
  assert.deepEqual(body.body, { firstName: 'amina', middleName: 'W******', lastName: 'H*****' })
  const stranger = await ask('254700002040')
  assertShape(stranger.body, 'hakikisha-b2c.refused')
  assert.equal(stranger.status, 400)
  assert.equal((await ask('0712345678')).body.errorMessage, 'Bad Request - Invalid body')
})

test('bad tokens have the words of their families', async () => {
  const { simulator } = merchant()
  const pull = await post(simulator, '/sfcverify/v1/query/info', {}, { token: 'bad' })
  assert.deepEqual(words(pull.body), words(fixture('token.refused.401.001')))
  const commercial = await post(simulator, '/imsi/v2/checkATI', {}, { token: 'bad' })
  assert.deepEqual([commercial.status, commercial.body.errorMessage], [401, 'Unauthorized'])
})

test('bundles are offered, bought once, and asked about', async () => {
  const { simulator } = merchant()
  const offers = await get(simulator, '/v1/dynamic-offers/fetch?msisdn=254722000000')
  const { lineItem } = offers as { lineItem: { characteristicsValue: Json[] } }
  const [offer] = lineItem.characteristicsValue
  assertShape({ ...offers, lineItem: { characteristicsValue: [offer] } }, 'mobile-center.offers')
  const { body } = await post(simulator, '/v1/dynamic-offers/facebook-bundle/purchase', {
    offeringId: offer?.offeringId,
    accountId: offer?.resourceAccId,
    price: offer?.offerPrice,
    resourceAmount: offer?.resourceValue,
    validity: offer?.offerValidity,
    msisdn: '254722000000',
    transactionId: 'b-1',
    paymentMode: 'airtime',
  })
  assertShape(body, 'mobile-center.purchase.accepted')
  const bought = await get(simulator, '/v2/bundles/get/status?id=b-1&serviceAccountId=5')
  assertShape(bought, 'mobile-center.status')
  assert.equal(bought.responseStatus, '200')
  assert.equal((await get(simulator, '/v2/bundles/get/status?id=b-2')).responseStatus, '404')
})
