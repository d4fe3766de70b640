import assert from 'node:assert/strict'
import test from 'node:test'
import { ageOnNetwork } from './age-on-network.ts'
import { readFixture } from './fixtures/fixture.ts'
import { recorded, scriptedDaraja } from './fixtures/gateway.ts'
import type { Seen } from './fixtures/gateway.ts'
import { hakikishaB2c } from './hakikisha-b2c.ts'
import {
  answerHakikisha,
  grantHakikishaToken,
  parseHakikishaC2b,
  refuseHakikisha,
  refuseHakikishaToken,
} from './hakikisha-c2b.ts'
import { imsi } from './imsi.ts'
import { iot } from './iot.ts'
import { numberValidation } from './number-validation.ts'
import { organisationInfo } from './organisation-info.ts'
import { simSwap } from './sim-swap.ts'

const gateway = (fixture: string, status?: number) => scriptedDaraja({ api: [recorded(fixture, status)] })
const asked = (seen: Seen[]) => [seen[0]?.url.replace('https://daraja.test', ''), seen[0]?.body]

test('a SIM that was not replaced lately has no date of it', async () => {
  const { daraja, seen } = gateway('sim-swap.accepted.json')
  const outcome = await simSwap(daraja, '0722000000')
  assert.deepEqual(asked(seen), ['/imsi/v2/checkATI', { customerNumber: '254722000000' }])
  assert.equal(outcome.kind, 'accepted')
  assert.equal(outcome.kind === 'accepted' && outcome.lastSwapAt, undefined)
  const body = readFixture('sim-swap.accepted.json').replace('01-01-1900 00:00', '19-11-2026 08:15')
  const recent = await simSwap(scriptedDaraja({ api: [{ status: 200, body }] }).daraja, '0722000000')
  assert.deepEqual(recent.kind === 'accepted' && recent.lastSwapAt, new Date('2026-11-19T05:15:00Z'))
})

test('a SIM is told by a hash, with the days of its swap and registration', async () => {
  const { daraja, seen } = gateway('imsi.accepted.json')
  const outcome = await imsi(daraja, '0722000000')
  assert.equal(asked(seen)[0], '/imsi/v1/checkATI')
  assert.equal(outcome.kind === 'accepted' && outcome.imsi, '9233817055099406')
  assert.deepEqual(outcome.kind === 'accepted' && outcome.registeredAt, new Date('2022-02-28T21:00:00Z'))
})

test('the age of a number is a day, or a refusal in the words of the body', async () => {
  const { daraja, seen } = gateway('age-on-network.accepted.json')
  const outcome = await ageOnNetwork(daraja, '0722000000')
  assert.equal(asked(seen)[0], '/registration/lookup/v1/checkATI')
  assert.equal(outcome.kind === 'accepted' && outcome.registered, '2019-01-12')
  const refused = await ageOnNetwork(gateway('age-on-network.refused.not-found.json', 400).daraja, '0722000000')
  assert.deepEqual(refused.kind === 'refused' && [refused.status, refused.code, refused.message], [
    400,
    '404',
    'Not found',
  ])
})

test('a number is validated against a document', async () => {
  const request = {
    requestId: 'r',
    shortcode: '600000',
    phone: '0722000000',
    idType: 'nationalId',
    idNumber: '12345678',
  }
  const { daraja, seen } = gateway('number-validation.accepted.json')
  const outcome = await numberValidation(daraja, request)
  assert.deepEqual(asked(seen), [
    '/v1/KYC-validation/validateID',
    { requestRefID: 'r', shortCode: '600000', msisdn: '254722000000', idType: '01', idNumber: '12345678' },
  ])
  assert.equal(outcome.kind === 'accepted' && outcome.matches, true)
  for (const [status, matches] of [
    ['FALSE', false],
    ['Valid', true],
    ['Invalid', false],
  ] as const) {
    const answer = { status: 200, body: JSON.stringify({ status }) }
    const other = await numberValidation(scriptedDaraja({ api: [answer] }).daraja, { ...request, idType: 'NationalID' })
    assert.equal(other.kind === 'accepted' && other.matches, matches)
  }
})

test('an organisation is judged by its name, not by the code', async () => {
  const { daraja, seen } = gateway('organisation-info.accepted.json')
  const outcome = await organisationInfo(daraja, { type: 'paybill', shortcode: '666677' })
  assert.deepEqual(asked(seen), ['/sfcverify/v1/query/info', { IdentifierType: '4', Identifier: '666677' }])
  assert.deepEqual(outcome.kind === 'accepted' && [outcome.shortcode, outcome.name, outcome.chargeProfileId], [
    '666677',
    'Daraja',
    '20013',
  ])
  const rejected = {
    status: 200,
    body: '{"ResponseCode":"1","ResponseMessage":"Rejected","DetailedMessage":"No such organisation"}',
  }
  const refused = await organisationInfo(scriptedDaraja({ api: [rejected] }).daraja, {
    type: 'till',
    shortcode: '666678',
  })
  assert.equal(refused.kind === 'refused' && refused.message, 'No such organisation')
})

test('the receiver of a payment is named, as far as Safaricom shows it', async () => {
  const request = { phone: '0722000000', shortcode: '123456', requestId: 'r' }
  const { daraja, seen } = gateway('hakikisha-b2c.accepted.json')
  const outcome = await hakikishaB2c(daraja, request)
  assert.deepEqual(asked(seen), [
    '/mpesa/b2c/hakikisha/v1/hakikisha',
    { header: { requestID: 'r', timestamp: '1795193883' }, body: { msisdn: '254722000000', shortcode: '123456' } },
  ])
  assert.deepEqual(outcome.kind === 'accepted' && [outcome.firstName, outcome.lastName], ['john', 'M******'])
  for (const status of [200, 400]) {
    const refused = await hakikishaB2c(gateway('hakikisha-b2c.refused.json', status).daraja, request)
    assert.equal(refused.kind === 'refused' && refused.message, 'The customer does not exist.')
  }
})

test('Safaricom asks for the name of an account, and is answered', () => {
  const question = parseHakikishaC2b(readFixture('hakikisha-c2b.notify.json')) ?? assert.fail()
  const answer = answerHakikisha(question, 'Money Market Account', new Date(1_728_897_681_000))
  assert.deepEqual(answer, JSON.parse(readFixture('hakikisha-c2b.answer.json')))
  assert.deepEqual(refuseHakikisha('r', 'unknown_account'), {
    status: 400,
    body: { requestId: 'r', errorMessage: 'Invalid account number' },
  })
  assert.equal(parseHakikishaC2b({ requestId: 'r' }), undefined)
  assert.deepEqual(grantHakikishaToken('t'), { access_token: 't', expires_in: 3599 })
  assert.deepEqual(refuseHakikishaToken('Wrong keys'), { error: 'unauthorized', errorMessage: 'Wrong keys' })
})

test('things are asked about by the name of the operation, and its failures are refusals', async () => {
  const { daraja, seen } = gateway('iot.accepted.json')
  const answered = await iot(daraja, 'searchmessages', { searchValue: 'x', pageNo: 1, pageSize: 10 })
  assert.equal(asked(seen)[0], '/simportal/v1/searchmessages?pageNo=1&pageSize=10')
  assert.equal(answered.kind, 'accepted')
  const refused = await iot(gateway('iot.refused.json').daraja, 'deletemessage', { id: '1' })
  assert.equal(refused.kind === 'refused' && refused.message, 'Operation Failed')
})
