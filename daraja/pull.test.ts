import assert from 'node:assert/strict'
import test from 'node:test'
import { readFixture } from './fixtures/fixture.ts'
import { recorded, scriptedDaraja } from './fixtures/gateway.ts'
import { pullQuery, pullRegister } from './pull.ts'

const window = { shortcode: '600000', from: new Date('2026-11-20T05:36:00Z'), until: new Date('2026-11-20T16:00:00Z') }

test('transactions are listed out of an array in an array', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('pull-query.accepted.json')] })
  const outcome = await pullQuery(daraja, { ...window, offset: 100 })
  assert.deepEqual(seen[0]?.body, {
    ShortCode: '600000',
    StartDate: '2026-11-20 08:36:00',
    EndDate: '2026-11-20 19:00:00',
    OffSetValue: '100',
  })
  assert.deepEqual(
    Object.keys(seen[0].body ?? {}),
    Object.keys(JSON.parse(readFixture('pull-query.request.json')) as object),
  )
  assert.equal(outcome.kind, 'accepted')
  const [transaction] = outcome.kind === 'accepted' ? outcome.transactions : []
  const { record, ...read } = transaction ?? assert.fail()
  assert.equal(record['sender'], 'UAT2')
  assert.deepEqual(read, {
    receipt: 'yzlyrEsRG1',
    transactedAtText: '2020-08-05T10:13:00Z',
    transactedAt: new Date('2020-08-05T10:13:00Z'),
    phone: '722000000',
    sender: 'UAT2',
    type: 'c2b-pay-bill-debit',
    billReference: '37207636392',
    amount: 168,
    organisationName: 'Daraja Pull API Test',
  })
})

test('no transactions are an empty list, in each way to say so', async () => {
  const bodies = [
    readFixture('pull-query.empty.json'),
    '{"ResponseCode":"1000","Response":[[]]}',
    '{"ResponseCode":"1000","Response":"[[]]"}',
    '{"ResponseCode":"1000","Response":[]}',
    '{"Response Code":1001}',
  ]
  for (const body of bodies) {
    const outcome = await pullQuery(scriptedDaraja({ api: [{ status: 200, body }] }).daraja, window)
    assert.deepEqual(outcome.kind === 'accepted' && outcome.transactions, [], body)
  }
})

test('an answer with a record that cannot be read is not taken for the whole', async () => {
  const record = '{"transactionId":"yzlyrEsRG1","amount":"1.00"}'
  for (const response of [`[[${record},{"amount":"2.00"}]]`, `[[${record},null]]`, '{}', '"text"', 'null']) {
    const body = `{"ResponseCode":"1000","Response":${response}}`
    assert.equal(
      (await pullQuery(scriptedDaraja({ api: [{ status: 200, body }] }).daraja, window)).kind,
      'unknown',
      body,
    )
  }
  const failed = recorded('pull-query.failed.json', 500)
  assert.equal((await pullQuery(scriptedDaraja({ api: [failed] }).daraja, window)).kind, 'unknown')
})

test('a window that reaches back more than 48 hours is refused here, a wrong short code there', async () => {
  const { daraja } = scriptedDaraja({ api: [recorded('pull-query.refused.short-code.json', 400)] })
  const early = await pullQuery(daraja, { ...window, from: new Date('2026-11-18T16:53:02Z') })
  assert.equal(early.kind === 'refused' && early.code, 'refused_locally')
  const wrong = await pullQuery(daraja, { ...window, from: new Date('2026-11-18T16:58:03Z') })
  assert.equal(wrong.kind === 'refused' && wrong.code, '400.001')
})

test('to be registered already is a success, whatever the spelling of the keys', async () => {
  const registration = { shortcode: '600000', nominatedNumber: '0722000000', callbackUrl: 'https://shop.example/in' }
  for (const [name, already] of [
    ['accepted', false],
    ['already', true],
  ] as const) {
    const outcome = await pullRegister(
      scriptedDaraja({ api: [recorded(`pull-register.${name}.json`)] }).daraja,
      registration,
    )
    assert.equal(outcome.kind === 'accepted' && outcome.alreadyRegistered, already)
  }
})
