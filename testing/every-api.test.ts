import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from '../daraja/index.ts'
import { createSimulator, manualClock } from '../simulator/index.ts'

// The client and the simulator share no code; here they talk about everything that Daraja has.

/** A shop with a client, and a simulator that posts to it. Amina's phone approves whatever it is asked. */
async function shop() {
  const clock = manualClock('2026-11-20T17:15:05.000Z')
  const told: { path: string; body: unknown }[] = []
  const simulator = createSimulator({
    clock,
    settings: { security_credential: 'checked' },
    async fetch(input, init) {
      const request = new Request(input, init)
      told.push({ path: new URL(request.url).pathname, body: await request.json() })
      return Response.json({ ResultCode: 0, ResultDesc: 'Accepted' })
    },
  })
  const daraja = client.createDaraja({
    baseUrl: 'http://simulator.test',
    consumerKey: 'key',
    consumerSecret: 'secret',
    fetch: (url, init) => simulator.fetch(url, init),
    now: () => clock.now(),
  })
  simulator.phones.set('0712345678', { auto: 'approve' })
  simulator.phones.set('0722000111', { auto: 'approve' })
  const certificate = await (await simulator.fetch('/_/certificate')).text()
  const operator = {
    initiator: 'testapi',
    securityCredential: client.securityCredential('Safaricom999!*!', certificate),
    resultUrl: 'https://shop.example/result',
    timeoutUrl: 'https://shop.example/timeout',
  }
  return {
    clock,
    simulator,
    daraja,
    operator,
    /** What was posted last, to any of the shop's addresses. */
    async lastTold() {
      await simulator.settled()
      return told.at(-1)?.body
    },
  }
}

function assertAccepted<Outcome extends { kind: string }>(
  outcome: Outcome,
): asserts outcome is Extract<Outcome, { kind: 'accepted' }> {
  assert.equal(outcome.kind, 'accepted', JSON.stringify(outcome))
}

const phone = '0712345678'

test('a customer pays from the SIM menu, and the shop pulls, asks, and gives the money back', async () => {
  const { clock, simulator, daraja, operator, lastTold } = await shop()
  assertAccepted(
    await client.c2bRegister(daraja, {
      shortcode: '600984',
      whenUnreachable: 'Completed',
      confirmationUrl: 'https://shop.example/confirmation',
      validationUrl: 'https://shop.example/validation',
    }),
  )
  assertAccepted(
    await client.c2bSimulate(daraja, { shortcode: '600984', type: 'paybill', amount: 200, phone, billReference: 'A7' }),
  )
  const payment = client.parseC2bConfirmation(await lastTold())
  assert.equal(payment?.amount, 200)
  const receipt = payment?.receipt ?? ''

  const registration = { shortcode: '600984', nominatedNumber: phone, callbackUrl: 'https://shop.example/pull' }
  for (const alreadyRegistered of [false, true]) {
    const registered = await client.pullRegister(daraja, registration)
    assertAccepted(registered)
    assert.equal(registered.alreadyRegistered, alreadyRegistered)
  }
  const window = { shortcode: '600984', from: new Date('2026-11-20T17:00:00Z'), until: clock.now() }
  const pulled = await client.pullQuery(daraja, window)
  assertAccepted(pulled)
  assert.deepEqual(
    pulled.transactions.map((found) => [found.receipt, found.amount, found.transactedAt?.toISOString()]),
    [[receipt, 200, '2026-11-20T17:15:05.000Z']],
  )
  const nothing = await client.pullQuery(daraja, { ...window, offset: 1 })
  assertAccepted(nothing)
  assert.deepEqual(nothing.transactions, [])

  for (const status_result of ['portal', 'observed'] as const) {
    simulator.settings.set({ status_result })
    assertAccepted(await client.transactionStatus(daraja, { ...operator, shortcode: '600984', receipt }))
    const status = client.parseTransactionStatusResult(await lastTold())
    assert.deepEqual([status?.status, status?.amount, status?.receipt], ['Completed', 200, receipt])
  }

  const back = { ...operator, shortcode: '600984', receipt, amount: 200 }
  assertAccepted(await client.reversal(daraja, back))
  const reversed = client.parseReversalResult(await lastTold())
  assert.deepEqual([reversed?.amount, reversed?.originalReceipt], [200, receipt])
  await client.reversal(daraja, back)
  assert.equal(client.parseReversalResult(await lastTold())?.result.resultCode, 'R000001')
})

test('a shop pays people, businesses and tax, and sees it in its balance', async () => {
  const { simulator, daraja, operator, lastTold } = await shop()
  const person = { ...operator, shortcode: '600992', phone, amount: 500 }
  const command = 'BusinessPayment'
  assertAccepted(await client.b2c(daraja, { ...person, command, originatorConversationId: 'pot_1' }))
  const paid = client.parseB2cResult(await lastTold())
  assert.deepEqual([paid?.amount, paid?.receiverIsRegistered, paid?.utilityBalance], [500, true, 99_500])
  assert.equal(paid?.transactedAt?.toISOString(), '2026-11-20T17:15:05.000Z')
  const again = await client.b2c(daraja, { ...person, command, originatorConversationId: 'pot_1' })
  assert.deepEqual([again.kind, again.kind === 'refused' && again.code], ['refused', '500.002.1001'])
  assertAccepted(await client.b2c(daraja, { ...person, command, version: 'v1' }))
  assertAccepted(await client.pochi(daraja, { ...person, originatorConversationId: 'pot_2' }))
  assert.equal(client.parseB2cResult(await lastTold())?.utilityBalance, 98_500)

  const business = { ...operator, shortcode: '600992', receiver: '600000', amount: 239, accountReference: '353353' }
  for (const b2bCommand of ['BusinessPayBill', 'BusinessBuyGoods'] as const) {
    assertAccepted(await client.b2b(daraja, { ...business, command: b2bCommand, receiverType: 'till' }))
    assert.equal(client.parseB2bResult(await lastTold())?.amount, 239)
  }
  assertAccepted(await client.b2cTopUp(daraja, business))
  const tax = { ...operator, shortcode: '600992', amount: 100, paymentRegistrationNumber: 'PRN1234XN' }
  assertAccepted(await client.taxRemittance(daraja, tax))
  assert.equal(client.parseB2bResult(await lastTold())?.debitAccountBalance, 500_000 - 3 * 239 - 100)
  await client.b2b(daraja, { ...business, command: 'BusinessPayBill', initiator: 'wrong' })
  assert.equal(client.parseB2bResult(await lastTold())?.result.resultCode, '2001')

  assertAccepted(await client.accountBalance(daraja, { ...operator, shortcode: '600992' }))
  const balance = client.parseAccountBalanceResult(await lastTold())
  const working = balance?.accounts?.find(({ name }) => name === 'Working Account')
  assert.equal(working?.available, simulator.ledger.balances()['600992']?.['Working Account'])
})

test('a shopkeeper pays a vendor, and a customer agrees to a standing order', async () => {
  const { daraja, lastTold } = await shop()
  assertAccepted(
    await client.b2bExpress(daraja, {
      payerTill: '600001',
      receiverShortcode: '600002',
      amount: 71,
      paymentReference: 'INV-7',
      partnerName: 'Vendor',
      callbackUrl: 'https://shop.example/express',
      requestId: 'r-1',
    }),
  )
  const express = client.parseB2bExpressCallback(await lastTold())
  assert.deepEqual([express?.resultCode, express?.amount, express?.requestId], ['0', 71, 'r-1'])

  const order = {
    name: 'Rent',
    type: 'paybill',
    shortcode: '300584',
    phone,
    amount: 500,
    frequency: 'monthly',
    startDate: new Date('2026-12-01T00:00:00+03:00'),
    endDate: new Date('2027-12-01T00:00:00+03:00'),
    accountReference: 'A7',
    description: 'Rent',
    callbackUrl: 'https://shop.example/order',
  } as const
  for (const [name, generation, code] of [
    ['Rent', '2026', '0'],
    ['Rent', '2026', '1050'],
    ['School', '2025', '0'],
  ] as const) {
    assertAccepted(await client.ratiba(daraja, { ...order, name, generation }))
    assert.equal(client.parseRatibaCallback(await lastTold())?.responseCode, code)
  }
})

test('a biller sends an invoice, is told of its payment and confirms it', async () => {
  const { clock, simulator, daraja, lastTold } = await shop()
  const details = {
    shortcode: '718003',
    email: 'owner@shop.example',
    officialContact: '0710000000',
    sendReminders: true,
    callbackUrl: 'https://shop.example/bills',
  }
  const optedIn = await client.billManagerOptIn(daraja, details)
  assertAccepted(optedIn)
  const { appKey } = optedIn
  assertAccepted(await client.billManagerUpdate(daraja, { appKey, ...details }))
  const invoice = {
    externalReference: 'INV-7',
    customerName: 'Amina Hassan',
    customerPhone: phone,
    period: 'November 2026',
    name: 'Fees',
    dueDate: new Date('2026-12-01T00:00:00+03:00'),
    accountReference: 'A7',
    amount: 800,
    items: [{ name: 'Lunch', amount: 800 }],
  }
  assertAccepted(await client.sendInvoice(daraja, { appKey, invoice }))
  const refused = await client.sendInvoices(daraja, { appKey, invoices: [invoice] })
  assert.deepEqual([refused.kind, refused.kind === 'refused' && refused.code], ['refused', '409'])
  assertAccepted(await client.changeInvoices(daraja, { appKey, invoices: [invoice] }))
  await simulator.phones.get(phone).pay({ shortcode: '718003', amount: 800, reference: 'A7' })
  const payment = client.parseBillPayment(await lastTold())
  assert.deepEqual([payment?.amount, payment?.accountReference], [800, 'A7'])
  assertAccepted(
    await client.sendBillReceipt(daraja, {
      appKey,
      paidAt: clock.now(),
      amount: 800,
      accountReference: 'A7',
      receipt: payment?.receipt ?? '',
      phone,
      customerName: 'Amina Hassan',
      invoiceName: 'Fees',
      externalReference: 'INV-7',
    }),
  )
  assert.equal((await client.cancelInvoice(daraja, { appKey, externalReference: 'INV-7' })).kind, 'refused')
  const second = { ...invoice, externalReference: 'INV-8' }
  assertAccepted(await client.sendInvoice(daraja, { appKey, invoice: second }))
  assertAccepted(await client.cancelInvoices(daraja, { appKey, externalReferences: ['INV-8'] }))
})

test('what is answered at once: codes, look-ups, names, points, bundles and things', async () => {
  const { daraja } = await shop()
  const qr = { merchantName: 'Duka', reference: 'INV-7', amount: 100, type: 'till', receiver: '373132' } as const
  for (const outcome of [
    await client.dynamicQr(daraja, qr),
    await client.simSwap(daraja, phone),
    await client.imsi(daraja, phone),
    await client.ageOnNetwork(daraja, phone),
    await client.organisationInfo(daraja, { type: 'paybill', shortcode: '600000' }),
    await client.hakikishaB2c(daraja, { phone, shortcode: '600000', requestId: 'r-1' }),
    await client.bongaCalculate(daraja, 40),
    await client.bongaRedeem(daraja, {
      shortcode: '888880',
      accountNumber: 'A7',
      phone,
      amount: 8,
      points: 40,
      rate: 0.2,
    }),
    await client.iot(daraja, 'simactivation', { msisdn: '0110000000', vpnGroup: 'trucks', username: 'fleet' }),
  ]) {
    assertAccepted(outcome)
  }
  assert.equal((await client.ageOnNetwork(daraja, '254700000404')).kind, 'refused')
  assert.equal((await client.organisationInfo(daraja, { type: 'till', shortcode: '999999' })).kind, 'refused')
  const denied = await client.iot(daraja, 'deletemessage', { id: 'none' })
  assert.deepEqual([denied.kind, denied.kind === 'refused' && denied.code], ['refused', '404'])

  const valid = await client.numberValidation(daraja, {
    requestId: 'r-1',
    shortcode: '600000',
    phone,
    idType: 'nationalId',
    idNumber: '12345678',
  })
  assertAccepted(valid)
  const bundles = await client.fetchBundles(daraja, phone)
  assertAccepted(bundles)
  const [offer] = bundles.offers
  const purchase = {
    phone,
    offeringId: offer?.offeringId ?? '',
    accountId: offer?.accountId ?? '',
    price: offer?.price ?? '',
    resourceAmount: offer?.resourceAmount ?? '',
    validity: offer?.validity ?? '',
    transactionId: 'b-1',
  }
  assertAccepted(await client.purchaseBundle(daraja, purchase))
  const bought = await client.bundleStatus(daraja, { id: 'b-1', serviceAccountId: '5' })
  assertAccepted(bought)
  assert.equal(bought.status, '200')
})
