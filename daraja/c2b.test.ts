import assert from 'node:assert/strict'
import test from 'node:test'
import {
  acceptValidation,
  acknowledgeConfirmation,
  parseC2bConfirmation,
  parseC2bValidation,
  rejectValidation,
} from './c2b-callback.ts'
import { c2bRegister } from './c2b-register.ts'
import { c2bSimulate } from './c2b-simulate.ts'
import { readFixture } from './fixtures/fixture.ts'
import { recorded, scriptedDaraja } from './fixtures/gateway.ts'
import { hashPhone, parsePhone } from './phone.ts'

const registration = {
  shortcode: '600984',
  whenUnreachable: 'Completed',
  confirmationUrl: 'https://shop.example/in/1f2e',
  validationUrl: 'https://shop.example/in/1f2e/validation',
} as const

test('registered, and registered before, are both successes', async () => {
  const answers: [string, number, boolean][] = [
    ['accepted', 200, false],
    ['accepted.no-code', 200, false],
    ['accepted.eight-zeros', 200, false],
    ['already.v1', 200, true],
    ['already', 500, true],
  ]
  for (const [name, status, already] of answers) {
    const { daraja } = scriptedDaraja({ api: [recorded(`c2b-register.${name}.json`, status)] })
    const outcome = await c2bRegister(daraja, registration)
    assert.equal(outcome.kind, 'accepted', name)
    assert.equal(outcome.kind === 'accepted' && outcome.alreadyRegistered, already, name)
  }
})

test('an aggregator in the way is a refusal, an unreachable service is not', async () => {
  const register = (name: string, status: number) =>
    c2bRegister(scriptedDaraja({ api: [recorded(`c2b-register.${name}.json`, status)] }).daraja, registration)
  const aggregator = await register('refused.duplicate', 500)
  assert.match((aggregator.kind === 'refused' && aggregator.advice) || '', /aggregator/)
  assert.equal((await register('refused.bad-request', 400)).kind, 'refused')
  assert.equal((await register('unreachable', 500)).kind, 'unknown')
})

test('version 1 is registered and simulated at its own path', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('c2b-simulate.accepted.v1.json')] })
  await c2bRegister(daraja, { ...registration, version: 'v1' })
  const simulated = await c2bSimulate(daraja, {
    shortcode: '600984',
    type: 'paybill',
    amount: 1,
    phone: '0708374149',
    version: 'v1',
  })
  assert.equal(simulated.kind, 'accepted')
  assert.deepEqual(
    seen.map(({ url }) => url),
    ['https://daraja.test/mpesa/c2b/v1/registerurl', 'https://daraja.test/mpesa/c2b/v1/simulate'],
  )
})

test('a simulated payment to a till has no account', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('c2b-simulate.accepted.json')] })
  const simulation = { shortcode: '600984', amount: 1, phone: '254708374149', billReference: 'Test Ref' }
  await c2bSimulate(daraja, { ...simulation, type: 'paybill' })
  await c2bSimulate(daraja, { ...simulation, type: 'till' })
  const [paybill, till] = seen.map(({ body }) => body as Record<string, unknown>)
  assert.deepEqual(
    Object.keys(paybill ?? {}),
    Object.keys(JSON.parse(readFixture('c2b-simulate.request.json')) as object),
  )
  assert.deepEqual([till?.['CommandID'], till?.['BillRefNumber']], ['CustomerBuyGoodsOnline', undefined])
})

test('a confirmation is a payment', () => {
  assert.deepEqual(parseC2bConfirmation(readFixture('c2b-confirmation.json')), {
    receipt: 'RKL51ZDR4F',
    type: 'Pay Bill',
    transactedAt: new Date('2023-11-21T09:13:25Z'),
    amount: 5,
    shortcode: '600966',
    billReference: 'Sample Transaction',
    invoiceNumber: undefined,
    balance: 25,
    thirdPartyId: undefined,
    phone: '2547 ***** 126',
    payerName: 'NICHOLAS',
  })
  assert.equal(parseC2bConfirmation(readFixture('c2b-confirmation.till.json'))?.billReference, undefined)
})

test('a validation has the same form, without a balance', () => {
  const asked = parseC2bValidation(JSON.parse(readFixture('c2b-validation.json')))
  assert.deepEqual([asked?.amount, asked?.balance], [5, undefined])
})

test('version 1 hashes the number of the payer', async () => {
  const phone = parsePhone('0708374149') ?? assert.fail()
  assert.equal(parseC2bConfirmation(readFixture('c2b-confirmation.v1.json'))?.phone, await hashPhone(phone))
})

test('what is no C2B body is not read as one', () => {
  for (const body of [
    undefined,
    '',
    {},
    { TransID: 'RKL51ZDR4F' },
    { TransAmount: '5.00' },
    { Body: { stkCallback: {} } },
  ]) {
    assert.equal(parseC2bConfirmation(body), undefined)
  }
})

test('validations and confirmations are answered as Safaricom expects', () => {
  assert.deepEqual(acceptValidation(), { ResultCode: '0', ResultDesc: 'Accepted' })
  assert.deepEqual(acceptValidation('pay_1f2e'), {
    ResultCode: '0',
    ResultDesc: 'Accepted',
    ThirdPartyTransID: 'pay_1f2e',
  })
  assert.deepEqual(rejectValidation('C2B00012'), { ResultCode: 'C2B00012', ResultDesc: 'Rejected' })
  assert.deepEqual(acknowledgeConfirmation(), { ResultCode: 0, ResultDesc: 'Success' })
})
