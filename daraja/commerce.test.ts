import assert from 'node:assert/strict'
import test from 'node:test'
import { parseB2bExpressCallback } from './b2b-express.ts'
import {
  billManagerOptIn,
  billManagerUpdate,
  cancelInvoice,
  cancelInvoices,
  changeInvoice,
  changeInvoices,
  parseBillPayment,
  sendInvoices,
} from './bill-manager.ts'
import { bongaCalculate } from './bonga.ts'
import { dynamicQr } from './dynamic-qr.ts'
import { readFixture } from './fixtures/fixture.ts'
import { recorded, scriptedDaraja } from './fixtures/gateway.ts'
import { bundleStatus, fetchBundles, purchaseBundle } from './mobile-center.ts'
import { parseRatibaCallback, ratiba } from './ratiba.ts'
import type { Ratiba } from './ratiba.ts'

const details = {
  shortcode: '718003',
  email: 'owner@shop.example',
  officialContact: '0710000000',
  sendReminders: false,
  callbackUrl: 'https://shop.example/in',
}
const invoice = {
  externalReference: 'INV-7',
  customerName: 'Jane Doe',
  customerPhone: '0712345678',
  period: 'November 2026',
  name: 'Rent',
  dueDate: new Date('2026-11-30T12:00:00Z'),
  accountReference: 'A7',
  amount: 800,
}

test('a QR code is its image, whichever response code comes with it', async () => {
  for (const name of ['accepted', 'accepted.code-00']) {
    const { daraja } = scriptedDaraja({ api: [recorded(`dynamic-qr.${name}.json`)] })
    const outcome = await dynamicQr(daraja, {
      merchantName: 'Duka',
      reference: 'INV-7',
      amount: 1,
      type: 'paybill',
      receiver: '600000',
    })
    assert.match(outcome.kind === 'accepted' ? outcome.image : '', /^iVBORw0KGgo/)
    assert.equal(outcome.kind === 'accepted' && outcome.requestId, '16738-27456357-1')
  }
})

test('a merchant who was asked pays, or cancels', () => {
  const paid = parseB2bExpressCallback(readFixture('b2b-express.callback.success.json'))
  assert.deepEqual([paid?.resultCode, paid?.receipt, paid?.amount], ['0', 'RDQ01NFT1Q', 71])
  const cancelled = parseB2bExpressCallback(readFixture('b2b-express.callback.cancelled.json'))
  assert.deepEqual(
    [cancelled?.resultCode, cancelled?.receipt, cancelled?.paymentReference],
    ['4001', undefined, 'MAndbubry3hi'],
  )
  assert.equal(parseB2bExpressCallback({ resultCode: '0' }), undefined)
})

test('both generations of standing orders number their frequencies in their own way', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('ratiba.accepted.json')] })
  const order: Ratiba = {
    name: 'Rent',
    type: 'till',
    shortcode: '300584',
    phone: '0708374149',
    amount: 10,
    startDate: new Date('2026-12-01T09:00:00Z'),
    endDate: new Date('2027-12-01T09:00:00Z'),
    frequency: 'monthly',
    accountReference: 'A7',
    description: 'Rent',
    callbackUrl: 'https://shop.example/in',
  }
  await ratiba(daraja, { ...order, generation: '2025' })
  await ratiba(daraja, order)
  assert.deepEqual(
    seen.map(({ body }) => body as Record<string, string>).map((body) => [body['Frequency'], body['TransactionType']]),
    [
      ['4', 'Standing Order Customer Pay Marchant'],
      ['5', 'Standing Order Pay Merchant External Third Party'],
    ],
  )
  const impossible = await ratiba(daraja, { ...order, generation: '2025', frequency: 'biweekly' })
  assert.match(impossible.kind === 'refused' ? impossible.message : '', /has no frequency "biweekly"/)
})

test('the callback of a standing order is read in both of its envelopes', () => {
  const created = parseRatibaCallback(readFixture('ratiba.callback.success.json'))
  assert.deepEqual([created?.responseCode, created?.status, created?.phone], ['0', 'OKAY', '*********867'])
  assert.deepEqual([created?.values.get('status'), created?.values.get('amount')], ['ACTIVE', '500.00'])
  const older = parseRatibaCallback(readFixture('ratiba.callback.success.2025.json'))
  assert.deepEqual([older?.transactionId, older?.phone], ['SC8F2IQMH5', '254******867'])
  const failed = parseRatibaCallback(readFixture('ratiba.callback.failure.json'))
  assert.deepEqual(
    [failed?.responseCode, failed?.status, failed?.requestRefId],
    ['1037', 'ERROR', 'c8c2bb31-3b3a-402e-84fc-21ef35161e48'],
  )
  assert.equal(parseRatibaCallback({ responseHeader: {} }), undefined)
})

test('Bill Manager gives a key, which every later call carries', async () => {
  const optedIn = await billManagerOptIn(
    scriptedDaraja({ api: [recorded('bill-manager.opt-in.accepted.json')] }).daraja,
    details,
  )
  const appKey = optedIn.kind === 'accepted' ? optedIn.appKey : assert.fail()
  assert.equal(appKey, 'AG_2376487236_126732989KJ')
  const { daraja, seen } = scriptedDaraja({ api: [recorded('bill-manager.cancel.accepted.json')] })
  const outcomes = [
    await billManagerUpdate(daraja, { ...details, appKey }),
    await sendInvoices(daraja, { appKey, invoices: [invoice] }),
    await changeInvoice(daraja, { appKey, invoice }),
    await changeInvoices(daraja, { appKey, invoices: [invoice] }),
    await cancelInvoice(daraja, { appKey, externalReference: 'INV-7' }),
    await cancelInvoices(daraja, { appKey, externalReferences: ['INV-7', 'INV-8'] }),
  ]
  for (const outcome of outcomes)
    assert.equal(outcome.kind === 'accepted' && outcome.message, 'Invoice cancelled successfuly.')
  for (const { headers } of seen) assert.equal(headers.get('appKey'), appKey)
  assert.deepEqual(
    seen.map(({ url }) => url.split('/').at(-1)),
    [
      'change-optin-details',
      'bulk-invoicing',
      'change-invoice',
      'change-invoices',
      'cancel-single-invoice',
      'cancel-bulk-invoices',
    ],
  )
  assert.deepEqual(seen.at(-1)?.body, [{ externalReference: 'INV-7' }, { externalReference: 'INV-8' }])
})

test('a conflict in Bill Manager is a refusal in its words, and a thousand invoices are the most', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('bill-manager.refused.conflict.json')] })
  const conflict = await sendInvoices(daraja, { appKey: 'key', invoices: [invoice] })
  assert.equal(conflict.kind === 'refused' && conflict.code, '409')
  assert.match(conflict.kind === 'refused' ? conflict.message : '', /same externalReference/)
  const many = await sendInvoices(daraja, { appKey: 'key', invoices: Array.from({ length: 1001 }, () => invoice) })
  assert.equal(many.kind === 'refused' && many.code, 'refused_locally')
  assert.equal(seen.length, 1)
})

test('a payment of Bill Manager is read', () => {
  assert.deepEqual(parseBillPayment(readFixture('bill-manager.payment.json')), {
    receipt: 'RJB53MYR1N',
    amount: 5000,
    phone: '254710119383',
    paidAt: new Date('2021-09-14T21:00:00Z'),
    accountReference: 'LGHJIO789',
    shortcode: '349350555',
  })
  assert.equal(parseBillPayment({}), undefined)
})

test('Bonga points have a value', async () => {
  const outcome = await bongaCalculate(scriptedDaraja({ api: [recorded('bonga.calculate.accepted.json')] }).daraja, 40)
  assert.deepEqual(outcome.kind === 'accepted' && [outcome.points, outcome.amount, outcome.rate], [40, 8, 0.2])
  const failure = { status: 200, body: '{"header":{"responseCode":6005,"customerMessage":"Invalid credentials"}}' }
  const refused = await bongaCalculate(scriptedDaraja({ api: [failure] }).daraja, 40)
  assert.equal(refused.kind === 'refused' && refused.code, '6005')
})

test('bundles are listed, bought and asked about', async () => {
  const offers = scriptedDaraja({ api: [recorded('mobile-center.offers.json')] })
  const listed = await fetchBundles(offers.daraja, '0722000000')
  assert.deepEqual(
    [offers.seen[0]?.method, offers.seen[0]?.url],
    ['GET', 'https://daraja.test/v1/dynamic-offers/fetch?msisdn=254722000000'],
  )
  const [offer] = listed.kind === 'accepted' ? listed.offers : []
  assert.deepEqual([offer?.offeringId, offer?.price, offer?.validity], ['1', '20', '1 hour'])
  const purchase = {
    phone: '0722000000',
    offeringId: '1',
    accountId: '5',
    price: '20',
    resourceAmount: '1024',
    validity: '1 hour',
    transactionId: 'x',
  }
  const bought = await purchaseBundle(
    scriptedDaraja({ api: [recorded('mobile-center.purchase.accepted.json')] }).daraja,
    purchase,
  )
  assert.equal(bought.kind, 'accepted')
  const status = await bundleStatus(scriptedDaraja({ api: [recorded('mobile-center.status.json')] }).daraja, {
    id: '1',
    serviceAccountId: '5',
  })
  assert.equal(status.kind === 'accepted' && status.status, '200')
})
