import assert from 'node:assert/strict'
import test from 'node:test'
import { readFixture } from './fixtures/fixture.ts'
import { recorded, scriptedDaraja } from './fixtures/gateway.ts'
import * as client from './index.ts'
import type { Daraja, Outcome } from './index.ts'

// Each call asks what the portal's sample asks, and must send that sample, key by key and byte by byte.

const anyway = { sendAnyway: true }
const resultUrls = (resultUrl: string, timeoutUrl: string) => ({ resultUrl, timeoutUrl })
const day = (text: string) => client.parseNairobi(text) ?? new Date(NaN)

type Call = (daraja: Daraja) => Promise<Outcome<object>>

const pochiOrB2c = {
  originatorConversationId: '600997_Test_32et3241ed8yu',
  initiator: 'testapi',
  securityCredential: 'RC6E9WDxXR4b9X2c6z3gp0oC5Th ==',
  shortcode: '600992',
  phone: '254705912645',
  amount: 10,
  remarks: 'remarked',
  occasion: 'ChristmasPay',
  ...resultUrls('https://mydomain.com/path', 'https://mydomain.com/path'),
}

const requests: [path: string, request: string, answer: string, call: Call][] = [
  [
    '/mpesa/transactionstatus/v1/query',
    'transaction-status.request',
    'acknowledged',
    (daraja) =>
      client.transactionStatus(
        daraja,
        {
          initiator: 'testapiuser',
          securityCredential: 'ClONZiMY…',
          receipt: 'NEF61H8J60',
          originatorConversationId: '7071-4170-a0e5-8345632bad442144258',
          shortcode: '600782',
          occasion: 'OK',
          ...resultUrls('http://myservice:8080/transactionstatus/result', 'http://myservice:8080/timeout'),
        },
        anyway,
      ),
  ],
  [
    '/mpesa/reversal/v1/request',
    'reversal.request',
    'acknowledged',
    (daraja) =>
      client.reversal(daraja, {
        initiator: 'apiop37',
        securityCredential: 'jUb+dOXJ…',
        receipt: 'PDU91HIVIT',
        amount: 200,
        shortcode: '603021',
        remarks: 'Payment reversal',
        ...resultUrls('https://mydomain.com/reversal/result', 'https://mydomain.com/reversal/queue'),
      }),
  ],
  [
    '/mpesa/b2c/v3/paymentrequest',
    'b2c.request',
    'b2c.acknowledged',
    (daraja) => client.b2c(daraja, { ...pochiOrB2c, command: 'BusinessPayment' }),
  ],
  [
    '/mpesa/b2pochi/v1/paymentrequest',
    'pochi.request',
    'b2c.acknowledged',
    (daraja) => client.pochi(daraja, { ...pochiOrB2c, securityCredential: '…', ...resultUrls('…', '…') }, anyway),
  ],
  [
    '/mpesa/b2b/v1/paymentrequest',
    'b2b.request',
    'acknowledged',
    (daraja) =>
      client.b2b(daraja, {
        initiator: 'API_Username',
        securityCredential: 'FKXl/KPzT8h…',
        command: 'BusinessPayBill',
        amount: 239,
        shortcode: '123456',
        receiver: '000000',
        accountReference: '353353',
        requester: '254700000000',
        ...resultUrls('https://mydomain.com/b2b/result/', 'https://mydomain.com/b2b/queue/'),
      }),
  ],
  [
    '/mpesa/b2b/v1/paymentrequest',
    'b2c-top-up.request',
    'acknowledged',
    (daraja) =>
      client.b2cTopUp(daraja, {
        initiator: 'testapi',
        securityCredential: 'IAJVUHDGj0yD…',
        amount: 239,
        shortcode: '600979',
        receiver: '600000',
        accountReference: '353353',
        requester: '254708374149',
        ...resultUrls('https://mydomain/path/result', 'https://mydomain/path/timeout'),
      }),
  ],
  [
    '/mpesa/b2b/v1/remittax',
    'tax-remittance.request',
    'acknowledged',
    (daraja) =>
      client.taxRemittance(daraja, {
        initiator: 'TaxPayer',
        securityCredential: 'FKXl/…',
        amount: 239,
        shortcode: '888880',
        paymentRegistrationNumber: '353353',
        ...resultUrls('https://mydomain.com/b2b/remittax/result/', 'https://mydomain.com/b2b/remittax/queue/'),
      }),
  ],
  [
    '/v1/ussdpush/get-msisdn',
    'b2b-express.request',
    'b2b-express.accepted',
    (daraja) =>
      client.b2bExpress(
        daraja,
        {
          payerTill: '000001',
          receiverShortcode: '000002',
          amount: 100,
          paymentReference: 'paymentRef',
          callbackUrl: 'http://..../result',
          partnerName: 'Vendor',
          requestId: '550e8400-e29b-41d4-a716-446655440000',
        },
        anyway,
      ),
  ],
  [
    '/mpesa/accountbalance/v1/query',
    'account-balance.request',
    'account-balance.acknowledged',
    (daraja) =>
      client.accountBalance(
        daraja,
        {
          initiator: 'testapiuser',
          securityCredential: 'SAFVNCh…',
          shortcode: '600000',
          remarks: 'ok',
          ...resultUrls('http://myservice:8080/result', 'http://myservice:8080/queuetimeouturl'),
        },
        anyway,
      ),
  ],
  [
    '/mpesa/c2b/v2/registerurl',
    'c2b-register.request',
    'c2b-register.accepted',
    (daraja) =>
      client.c2bRegister(daraja, {
        shortcode: '600984',
        whenUnreachable: 'Completed',
        confirmationUrl: 'https://your-domain/confirm',
        validationUrl: 'https://your-domain/validate',
      }),
  ],
  [
    '/mpesa/qrcode/v1/generate',
    'dynamic-qr.request',
    'dynamic-qr.accepted',
    (daraja) =>
      client.dynamicQr(daraja, {
        merchantName: 'TEST SUPERMARKET',
        reference: 'Invoice Test',
        amount: 1,
        type: 'till',
        receiver: '373132',
      }),
  ],
  [
    '/pulltransactions/v1/register',
    'pull-register.request',
    'pull-register.accepted',
    (daraja) =>
      client.pullRegister(daraja, {
        shortcode: '600000',
        nominatedNumber: '0722000000',
        callbackUrl: 'https://domain/path',
      }),
  ],
  [
    '/standingorder/v1/createStandingOrderExternal',
    'ratiba.request',
    'ratiba.accepted',
    (daraja) =>
      client.ratiba(
        daraja,
        {
          name: 'erick',
          type: 'paybill',
          shortcode: '300584',
          phone: '254708374149',
          amount: 10,
          startDate: day('20241221'),
          endDate: day('20241222'),
          frequency: 'biweekly',
          orderId: 'bae4ef32-3fb1-4998-988b-0063884a3d80',
          accountReference: 'Test',
          description: 'Test',
          callbackUrl: 'https://mydomain.com/mpesa-ratiba/result/',
        },
        anyway,
      ),
  ],
  [
    '/v1/billmanager-invoice/optin',
    'bill-manager.opt-in.request',
    'bill-manager.opt-in.accepted',
    (daraja) =>
      client.billManagerOptIn(daraja, {
        shortcode: '718003',
        email: 'youremail@gmail.com',
        officialContact: '0710XXXXXX',
        sendReminders: true,
        logo: 'image',
        callbackUrl: 'http://my.server.com/bar/callback',
      }),
  ],
  [
    '/v1/billmanager-invoice/single-invoicing',
    'bill-manager.invoice.request',
    'bill-manager.invoice.accepted',
    (daraja) =>
      client.sendInvoice(
        daraja,
        {
          appKey: 'key',
          invoice: {
            externalReference: '#9932340',
            customerName: 'John Doe',
            customerPhone: '07XXXXXXXX',
            period: 'August 2021',
            name: 'Jentrys',
            dueDate: day('2021-10-12'),
            accountReference: '1ASD678H',
            amount: 800,
            items: [
              { name: 'food', amount: 700 },
              { name: 'water', amount: 100 },
            ],
          },
        },
        anyway,
      ),
  ],
  [
    '/v1/billmanager-invoice/reconciliation',
    'bill-manager.reconciliation.request',
    'bill-manager.update.accepted',
    (daraja) =>
      client.sendBillReceipt(daraja, {
        appKey: 'key',
        paidAt: day('2021-10-01'),
        amount: 800,
        accountReference: 'Balboa95',
        receipt: 'PJB53MYR1N',
        phone: '0710XXXXXX',
        customerName: 'John Doe',
        invoiceName: 'School Fees',
        externalReference: '955',
      }),
  ],
  [
    '/v1/lipa/na/bonga/redeem-paybill',
    'bonga.redeem.request',
    'bonga.redeem.accepted',
    (daraja) =>
      client.bongaRedeem(daraja, {
        shortcode: '888880',
        accountNumber: 'test',
        phone: '254720776155',
        amount: 50,
        points: 20,
        rate: 0.2,
      }),
  ],
]

for (const [path, request, answer, call] of requests) {
  test(`${request} is sent as the portal shows it`, async () => {
    const { daraja, seen } = scriptedDaraja({ api: [recorded(`${answer}.json`)] })
    const outcome = await call(daraja)
    assert.equal(seen[0]?.url, `https://daraja.test${path}`)
    assert.equal(seen[0]?.headers.get('Content-Type'), 'application/json')
    assert.deepEqual(seen[0]?.body, JSON.parse(readFixture(`${request}.json`)))
    assert.equal(outcome.kind, 'accepted')
    assert.equal(outcome.raw, readFixture(`${answer}.json`))
  })
}

test('every acknowledgement must have code 0 and both ids', async () => {
  const acknowledged = readFixture('acknowledged.json')
  const broken = ['"OriginatorConversationID"', '"ConversationID"', '"ResponseCode"'].map((key) =>
    acknowledged.replace(key, '"x"'),
  )
  const [, , , call] = requests.find(([, request]) => request === 'reversal.request') ?? assert.fail()
  for (const body of [...broken, acknowledged.replace('"0"', '"1"')]) {
    const outcome = await call(scriptedDaraja({ api: [{ status: 200, body }] }).daraja)
    assert.equal(outcome.kind, 'unknown')
  }
})

test('a repeated id is refused by a code that comes with status 500', async () => {
  const [, , , call] = requests.find(([, request]) => request === 'b2c.request') ?? assert.fail()
  const outcome = await call(scriptedDaraja({ api: [recorded('b2c.refused.duplicate.json', 500)] }).daraja)
  assert.equal(outcome.kind === 'refused' && outcome.code, '500.002.1001')
})

test('URLs with words that Safaricom forbids are refused here, for all but STK pushes', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('acknowledged.json')] })
  const urls = [
    'https://shop.example/mpesa',
    'https://M-PESA.example/',
    'https://safaricom.example',
    'https://x.example/query',
    'https://x.example/my.EXE',
  ]
  for (const resultUrl of urls) {
    const outcome = await client.reversal(daraja, {
      initiator: 'testapi',
      securityCredential: 'x',
      shortcode: '600000',
      receipt: 'PDU91HIVIT',
      amount: 1,
      ...resultUrls(resultUrl, 'https://shop.example/in'),
    })
    assert.match(outcome.kind === 'refused' ? outcome.message : '', /result URL must not contain/)
  }
  assert.equal(seen.length, 0)
})
