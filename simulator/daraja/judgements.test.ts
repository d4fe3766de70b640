import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Settings } from '../settings.ts'
import type { Simulator } from '../simulator.ts'
import { askToPay, password, post, pushBody, query, tokenOf } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { ask } from '../testing/operator.ts'
import { fixture } from '../testing/recordings.ts'
import { judgements, judgementsDocument } from './judgements.ts'
import type { JudgementName } from './judgements.ts'

type Json = Record<string, unknown>
type Case = { settings?: Partial<Settings>; ask: (simulator: Simulator) => Promise<unknown> }

const push = '/mpesa/stkpush/v1/processrequest'
const utc = '20261120171505'

const register = (simulator: Simulator, changes: Json = {}) =>
  post(simulator, '/mpesa/c2b/v2/registerurl', {
    ShortCode: '600984',
    ResponseType: 'Completed',
    ConfirmationURL: 'https://shop.example/confirm',
    ValidationURL: 'https://shop.example/validate',
    ...changes,
  })
const simulate = (simulator: Simulator, changes: Json) =>
  post(simulator, '/mpesa/c2b/v2/simulate', { ShortCode: '600984', Amount: 1, Msisdn: '254708374149', ...changes })
const agree = (simulator: Simulator, changes: Json) =>
  post(simulator, '/standingorder/v1/createStandingOrderExternal', {
    ...(fixture('ratiba.request') as Json),
    ...changes,
  })
const pull = { ShortCode: '174379', StartDate: '2026-11-20 08:36:00', EndDate: '2026-11-23 10:10:00' }
const pullQuery = (simulator: Simulator, changes: Json = {}) =>
  post(simulator, '/pulltransactions/v1/query', { ...pull, OffSetValue: '0', ...changes })
const oauth = (simulator: Simulator, authorization: string, grant = 'client_credentials') =>
  simulator.fetch(`/oauth/v1/generate?grant_type=${grant}`, { headers: { Authorization: authorization } })
const askedAndQueried = async (simulator: Simulator, PhoneNumber: string, times = 1) => {
  const { answer } = await askToPay(simulator, { PhoneNumber })
  await simulator.settled()
  for (let asked = 0; asked < times; asked++) await query(simulator, String(answer.CheckoutRequestID))
}
const withHeaders = async (simulator: Simulator, path: string, headers: Record<string, string>, body: unknown) =>
  simulator.fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await tokenOf(simulator)}`, ...headers },
    body: JSON.stringify(body),
  })
const document = { IDType: '01', IDNumber: '12345678' }
const b2cBody = {
  InitiatorName: 'testapi',
  SecurityCredential: `${'A'.repeat(342)}==`,
  CommandID: 'BusinessPayment',
  Amount: 10,
  PartyA: '600992',
  PartyB: '254712345678',
  Remarks: 'OK',
  QueueTimeOutURL: 'https://shop.example/timeout',
  ResultURL: 'https://shop.example/result',
}

/** A request that meets each judgement. The compiler misses none. */
const refusals: Partial<Record<JudgementName, Case>> = {
  path: { ask: (simulator) => post(simulator, '/mpesa/nothing/v1', {}) },
  verb: { ask: (simulator) => simulator.fetch(push) },
  tokenMissing: { ask: (simulator) => simulator.fetch(push, { method: 'POST' }) },
  token: { ask: (simulator) => post(simulator, push, pushBody(), { token: 'bad' }) },
  basic: { ask: (simulator) => oauth(simulator, 'Bearer key') },
  grant: { ask: (simulator) => oauth(simulator, `Basic ${btoa('key:secret')}`, 'password') },
  keys: { ask: (simulator) => oauth(simulator, `Basic ${btoa('wrong:secret')}`) },
  contentType: { ask: (simulator) => withHeaders(simulator, push, { 'Content-Type': 'text/plain' }, pushBody()) },
  json: { ask: (simulator) => post(simulator, push, '[1]') },
  field: { ask: (simulator) => askToPay(simulator, { PartyA: '0712345678' }) },
  organisation: { ask: (simulator) => askToPay(simulator, { BusinessShortCode: '999999' }) },
  sandboxTill: { ask: (simulator) => askToPay(simulator, { TransactionType: 'CustomerBuyGoodsOnline' }) },
  password: { ask: (simulator) => askToPay(simulator, { BusinessShortCode: '600100' }) },
  tillForStore: {
    ask(simulator) {
      simulator.organisations.set('5551001', { type: 'till', store: '7001001' })
      return askToPay(simulator, { BusinessShortCode: '5551001', PartyB: '5551001' })
    },
  },
  busy: {
    async ask(simulator) {
      for (const Amount of [1, 2]) await askToPay(simulator, { PhoneNumber: '254712345678', Amount })
    },
  },
  description: { ask: (simulator) => askToPay(simulator, { TransactionDesc: undefined }) },
  unknownPush: { ask: (simulator) => query(simulator, 'ws_CO_201120262015051712345678') },
  inFlight: {
    settings: { in_flight_query: 'being_processed' },
    ask: (simulator) => askedAndQueried(simulator, '254712345678'),
  },
  flake: { settings: { query_flake_rate: 1 }, ask: (simulator) => askedAndQueried(simulator, '254700001037') },
  queryLimit: {
    settings: { query_limit: 'sandbox' },
    ask: (simulator) => askedAndQueried(simulator, '254712345678', 6),
  },
  bill: { ask: (simulator) => simulate(simulator, { CommandID: 'CustomerPayBillOnline' }) },
  credential: { ask: (simulator) => ask(simulator, 'b2c', { SecurityCredential: 'Safaricom999!*!' }) },
  remarks: { ask: (simulator) => ask(simulator, 'balance', { Remarks: '' }) },
  repeatedId: {
    async ask(simulator) {
      for (let times = 0; times < 2; times++) await ask(simulator, 'b2c')
    },
  },
  receiver: {
    ask: (simulator) => ask(simulator, 'b2b', { RecieverIdentifierType: undefined, ReceiverIdentifierType: '4' }),
  },
  receiverOfReversal: {
    ask: (simulator) => ask(simulator, 'reversal', { TransactionID: 'UKK1', RecieverIdentifierType: '4' }),
  },
  transaction: { ask: (simulator) => ask(simulator, 'status') },
  orderFrequency: {
    ask: (simulator) => agree(simulator, { TransactionType: 'Standing Order Customer Pay Bill', Frequency: '9' }),
  },
  biller: {
    ask: (simulator) => post(simulator, '/v1/billmanager-invoice/cancel-single-invoice', { externalReference: '1' }),
  },
  stranger: {
    ask: (simulator) => post(simulator, '/registration/lookup/v1/checkATI', { customerNumber: '254700000404' }),
  },
  iot: { ask: (simulator) => post(simulator, '/simportal/v1/getallmessages', { username: 'wrong' }) },
}

const lenience: Partial<Record<JudgementName, Case>> = {
  addressWord: { ask: (simulator) => askToPay(simulator, { CallBackURL: 'https://shop.example/mpesa' }) },
  addressPrivate: { ask: (simulator) => askToPay(simulator, { CallBackURL: 'http://localhost:3000/hook' }) },
  addressPlain: { ask: (simulator) => register(simulator, { ConfirmationURL: 'http://shop.example/confirm' }) },
  timestamp: { ask: (simulator) => askToPay(simulator, { Timestamp: utc, Password: password(utc) }) },
  blanks: {
    ask: (simulator) => askToPay(simulator, { Password: String(pushBody().Password).replace(/.{60}/, '$&\n') }),
  },
  descriptionLong: { ask: (simulator) => askToPay(simulator, { TransactionDesc: 'Payment of an order' }) },
  referenceLong: { ask: (simulator) => askToPay(simulator, { AccountReference: 'INVOICE-2026-11' }) },
  referenceOfTill: {
    ask: (simulator) =>
      askToPay(simulator, {
        BusinessShortCode: '600200',
        PartyB: '5201234',
        TransactionType: 'CustomerBuyGoodsOnline',
        Password: password('20261120201505', '600200'),
        AccountReference: '',
      }),
  },
  characters: { ask: (simulator) => askToPay(simulator, { AccountReference: 'Juma & Sons' }) },
  registered: {
    async ask(simulator) {
      for (let times = 0; times < 2; times++) await register(simulator)
    },
  },
  billOfTill: {
    ask: (simulator) => simulate(simulator, { CommandID: 'CustomerBuyGoodsOnline', BillRefNumber: 'INV-1' }),
  },
  remarksShort: { ask: (simulator) => ask(simulator, 'balance', { Remarks: '-' }) },
  occasion: { ask: (simulator) => ask(simulator, 'b2c', { Occassion: undefined, Occasion: 'Christmas' }) },
  command: { ask: (simulator) => ask(simulator, 'b2b', { CommandID: undefined, 'Command ID': 'BusinessPayBill' }) },
  oldCommand: { ask: (simulator) => ask(simulator, 'b2b', { CommandID: 'DisburseFundsToBusiness' }) },
  referenceLongB2b: { ask: (simulator) => ask(simulator, 'b2b', { AccountReference: 'INVOICE-2026-11' }) },
  requester: { ask: (simulator) => ask(simulator, 'b2b', { Requester: 0 }) },
  receiverTill: { ask: (simulator) => ask(simulator, 'b2b', { RecieverIdentifierType: '2' }) },
  identifier: { ask: (simulator) => ask(simulator, 'balance', { IdentifierType: '2' }) },
  idDocument: {
    ask: (simulator) => post(simulator, '/mpesa/b2cvalidate/v2/paymentrequest', { ...b2cBody, ...document }),
  },
  requestRef: {
    ask: (simulator) =>
      post(simulator, '/v1/ussdpush/get-msisdn', {
        primaryShortCode: '600001',
        receiverShortCode: '600002',
        amount: '71',
        paymentRef: 'INV-7',
        callbackUrl: 'https://shop.example/result',
        partnerName: 'Vendor',
        RequestRefId: '550e8400',
      }),
  },
  orderName: {
    ask: (simulator) => agree(simulator, { StandingOrderName: undefined, StandingOrderNameName: 'Rent' }),
  },
  orderId: { ask: (simulator) => agree(simulator, { CustomStoId: undefined, CustomstdoId: 'rent-1' }) },
  orderType: {
    ask: (simulator) => agree(simulator, { TransactionType: 'Standing Order Customer Pay Merchant', Frequency: '2' }),
  },
  idType: {
    ask: (simulator) =>
      post(simulator, '/v1/KYC-validation/validateID', {
        requestRefID: 'r',
        shortCode: '600000',
        msisdn: '254722000000',
        idType: 'NationalID',
        idNumber: '12345678',
      }),
  },
  appKey: {
    ask: (simulator) => withHeaders(simulator, '/v1/billmanager-invoice/single-invoicing', { app_key: 'AG_1' }, {}),
  },
  pullRegistration: { ask: (simulator) => pullQuery(simulator) },
  pullVerb: {
    async ask(simulator) {
      const path = `/pulltransactions/v1/query?${new URLSearchParams(pull).toString()}`
      return simulator.fetch(path, { headers: { Authorization: `Bearer ${await tokenOf(simulator)}` } })
    },
  },
  pullDate: { ask: (simulator) => pullQuery(simulator, { StartDate: '2026-11-20 8:36:00' }) },
}

test('every judgement is met by a request of these tests', () => {
  const tried = new Set([...Object.keys(refusals), ...Object.keys(lenience)])
  assert.deepEqual(
    Object.keys(judgements).filter((name) => !tried.has(name)),
    [],
  )
})

const verdicts = [
  ['Refused', refusals],
  ['Taken', lenience],
] as const
for (const [verdict, cases] of verdicts) {
  for (const [name, { settings, ask }] of Object.entries(cases)) {
    const { of, what, source } = judgements[name as JudgementName]
    test(`${verdict}, and the log says why, and how that is known: ${of} ${what}`, async () => {
      const { simulator } = merchant({ settings: settings ?? {} })
      await ask(simulator)
      const said = simulator.log().flatMap(({ warnings }) => warnings)
      const own = said.filter((sentence) => sentence.startsWith(verdict) && sentence.includes(`(${source}).`))
      assert.equal(own.length, 1, said.join('\n'))
    })
  }
}

test('a refused field says what it must be, and which name was sent in its place', async () => {
  const { simulator } = merchant()
  await ask(simulator, 'b2b', { RecieverIdentifierType: undefined, ReceiverIdentifierType: '4' })
  await ask(simulator, 'b2c', { InitiatorName: undefined, Initiator: 'testapi' })
  await askToPay(simulator, { PartyA: '+254712345678' })
  const said = simulator.log().flatMap(({ warnings }) => warnings)
  assert.match(said[0] ?? '', /The request has ReceiverIdentifierType in its place\.$/)
  assert.equal(
    said[1],
    'Refused: InitiatorName must be text of 1 to 100 characters (Safaricom’s portal). The request has Initiator in its place.',
  )
  assert.equal(said[2], 'Refused: PartyA must be 254 and nine digits, without a plus (Safaricom’s portal).')
})

test('a good request of each kind is taken without a word', async () => {
  const { simulator } = merchant()
  await askToPay(simulator)
  await register(simulator)
  await simulate(simulator, { CommandID: 'CustomerPayBillOnline', BillRefNumber: 'INV-1' })
  for (const api of ['b2c', 'b2b', 'tax', 'balance'] as const) await ask(simulator, api)
  await ask(simulator, 'status', { TransactionID: 'UKK7X2M4QA' })
  await ask(simulator, 'reversal', { TransactionID: 'UKK7X2M4QA' })
  await simulator.settled()
  assert.deepEqual(
    simulator.log().flatMap(({ warnings }) => warnings),
    [],
  )
})

test('the limit of queries is an app’s, lasts a minute, and is said in the words of its gateway', async () => {
  const { simulator, clock } = merchant({ settings: { query_limit: 'sandbox' } })
  const id = 'ws_CO_201120262015051712345678'
  for (let times = 0; times < 5; times++) assert.equal((await query(simulator, id)).status, 500)
  const { status, text } = await query(simulator, id)
  assert.equal(status, 429)
  assert.match(text, /Spike arrest violation.*messagesPerPeriod=5, periodInMicroseconds=60000000/)
  await clock.advance('61 s')
  assert.equal((await query(simulator, id)).status, 500)
})

test('B2C with ID validation pays as version 1 does, and nobody whose document is another’s', async () => {
  const { simulator, callbacks } = merchant()
  const pay = (changes: Json) =>
    post(simulator, '/mpesa/b2cvalidate/v2/paymentrequest', { ...b2cBody, ...document, ...changes })
  assert.equal((await pay({ IDNumber: undefined })).body.errorMessage, 'Bad Request - Invalid IDNumber')
  assert.equal((await pay({})).body.ResponseCode, '0')
  assert.equal(
    (await pay({ OriginatorConversationID: '20261120201505' })).body.OriginatorConversationID,
    '20261120201505',
  )
  await pay({ IDNumber: '00000000' })
  await simulator.settled()
  const codes = callbacks().map(({ Result }) => (Result as Json).ResultCode)
  assert.deepEqual(codes, [0, 0, 2040])
  assert.equal(simulator.phones.get('0712345678').balance, 10_420)
})

test('docs/simulator.md has the same table', () => {
  const path = new URL('../../docs/simulator.md', import.meta.url)
  const found = readFileSync(path, 'utf8')
  const written = found.replace(/\| of \| what \|[^]*?\n\n/, () => `${judgementsDocument()}\n`)
  assert.match(found, /\| of \| what \|/)
  if (process.env['WRITE_DOCUMENTS']) writeFileSync(path, written)
  else assert.equal(found, written, 'Write it anew: WRITE_DOCUMENTS=1, with this file.')
})
