import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSimulator, manualClock, sandboxPasskey } from '@lango/simulator'

/** The code under test: asks a phone to pay through Daraja. The `fetch` it uses is given to it. */
async function requestPayment(daraja: typeof fetch, phone: string, amount: number, reference: string) {
  const base = 'https://sandbox.safaricom.co.ke'
  const login = await daraja(`${base}/oauth/v1/generate?grant_type=client_credentials`, {
    headers: { Authorization: `Basic ${btoa('key:secret')}` },
  })
  const { access_token } = (await login.json()) as { access_token: string }
  const Timestamp = '20261120201505'
  const response = await daraja(`${base}/mpesa/stkpush/v1/processrequest`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${access_token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      BusinessShortCode: '174379',
      Password: btoa(`174379${sandboxPasskey}${Timestamp}`),
      Timestamp,
      TransactionType: 'CustomerPayBillOnline',
      Amount: amount,
      PartyA: phone,
      PartyB: '174379',
      PhoneNumber: phone,
      CallBackURL: 'https://shop.example/mpesa-result',
      AccountReference: reference,
      TransactionDesc: 'Order',
    }),
  })
  return (await response.json()) as { CheckoutRequestID: string }
}

type StkCallback = { Body: { stkCallback: { CheckoutRequestID: string; ResultCode: number } } }

test('an order is paid when the customer enters the PIN, even if Safaricom calls back twice', async () => {
  const paidOrders = new Set<string>()
  const simulator = createSimulator({
    clock: manualClock('2026-11-20T17:15:05Z'),
    seed: 7,
    // Callbacks arrive here. With a real application this is its own `fetch`, such as Hono's `app.request`.
    fetch: async (url, init) => {
      const { Body } = (await new Request(url, init).json()) as StkCallback
      if (Body.stkCallback.ResultCode === 0) paidOrders.add(Body.stkCallback.CheckoutRequestID)
      return Response.json({ ResultCode: 0, ResultDesc: 'Accepted' })
    },
  })
  simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'duplicate_callback', probability: 1 }] })

  const { CheckoutRequestID } = await requestPayment(simulator.fetch, '254712345678', 100, 'ORDER-1')
  simulator.phones.get('0712345678').approve()
  await simulator.settled()

  assert.deepEqual([...paidOrders], [CheckoutRequestID])
  assert.equal(simulator.phones.get('0712345678').balance, 10_300)
  simulator.expectAsked('stkpush', { AccountReference: 'ORDER-1', Amount: 100 })
  simulator.expectTold('stkpush', { Body: { stkCallback: { CheckoutRequestID } } }, { times: 2 })
})
