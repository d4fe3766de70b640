import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FaultRule } from '../faults.ts'
import { bring, county, numberOf, payFromMenu, statusOf } from '../testing/county.ts'

const rule = (api: FaultRule['api'], fault: FaultRule['fault'], delay_ms?: number): { rules: FaultRule[] } => ({
  rules: [{ api, fault, probability: 1, ...(delay_ms !== undefined && { delay_ms }) }],
})

test('drop_callback: the bill is paid and nobody is told', async () => {
  const { simulator, told } = county()
  simulator.faults.set(rule('pesaflow_ipn', 'drop_callback'))
  const number = await numberOf(simulator)
  await payFromMenu(simulator, 105, number)
  await simulator.settled()
  assert.deepEqual(told(), [])
  assert.equal((await statusOf(simulator, number)).body.status, 'settled')
  const dropped = simulator.log().at(-2)
  assert.deepEqual([dropped?.api, dropped?.state, dropped?.fault], ['pesaflow_ipn', 'dropped', 'drop_callback'])
})

test('duplicate_callback: the same notification twice', async () => {
  const { simulator, requests } = county()
  simulator.faults.set(rule('pesaflow_ipn', 'duplicate_callback'))
  await payFromMenu(simulator, 105, await numberOf(simulator))
  await simulator.settled()
  assert.equal(requests.length, 2)
  assert.equal(requests[0]?.text, requests[1]?.text)
})

test('late_callback: a notification that says what was true when it was made', async () => {
  const { simulator, clock, told } = county()
  simulator.faults.set(rule('pesaflow_ipn', 'late_callback', 90_000))
  const number = await numberOf(simulator)
  await payFromMenu(simulator, 40, number)
  simulator.faults.set({ rules: [] })
  await payFromMenu(simulator, 65, number)
  await simulator.settled()
  assert.deepEqual(
    told().map(({ amount_paid }) => amount_paid),
    ['105'],
  )
  await clock.advance('90 s')
  assert.deepEqual(
    told().map(({ amount_paid }) => amount_paid),
    ['105', '40'],
  )
})

test('reorder: the second part is told before the first', async () => {
  const { simulator, told } = county()
  simulator.faults.set(rule('pesaflow_ipn', 'reorder'))
  const number = await numberOf(simulator)
  await payFromMenu(simulator, 40, number)
  await payFromMenu(simulator, 65, number)
  await simulator.settled()
  assert.deepEqual(
    told().map(({ amount_paid }) => amount_paid),
    ['105', '40'],
  )
})

test('early_callback of a notification: the status knows of the payment only later', async () => {
  const { simulator, clock, told } = county()
  simulator.faults.set(rule('pesaflow_ipn', 'early_callback'))
  const number = await numberOf(simulator)
  await payFromMenu(simulator, 105, number)
  await simulator.settled()
  assert.equal(told()[0]?.status, 'settled')
  const early = (await statusOf(simulator, number)).body
  assert.deepEqual([early.status, early.amount_paid, early.payment_date], ['pending', '0.00', null])
  await clock.advance('10 s')
  assert.equal((await statusOf(simulator, number)).body.status, 'settled')
})

test('early_callback of a checkout: the notification comes before the answer', async () => {
  const { simulator, told } = county()
  simulator.phones.set('0712345678', { auto: 'approve' })
  simulator.faults.set(rule('pesaflow_checkout', 'early_callback'))
  const { answer } = await bring(simulator, { sendSTK: 'true' })
  assert.equal(told()[0]?.invoice_number, answer.invoice_number)
})

test('drop_response and html_200: the bill is there, and the caller does not know its number', async () => {
  const { simulator } = county()
  simulator.faults.set(rule('pesaflow_checkout', 'drop_response'))
  await assert.rejects(bring(simulator))
  assert.equal((await statusOf(simulator, 'B-1')).body.status, 'pending')
  simulator.faults.set(rule('pesaflow_checkout', 'html_200'))
  const { status, text, response } = await bring(simulator, { billRefNumber: 'B-2' })
  assert.deepEqual([status, response.headers.get('content-type')], [200, 'text/html'])
  assert.match(text, /^<!DOCTYPE html>/)
  assert.equal((await statusOf(simulator, 'B-2')).body.status, 'pending')
})

for (const [fault, status] of [
  ['http_500', 500],
  ['html_503', 503],
  ['spike_arrest', 429],
] as const) {
  test(`${fault}: nothing was carried out`, async () => {
    const { simulator } = county()
    simulator.faults.set(rule('pesaflow_checkout', fault))
    assert.equal((await bring(simulator)).status, status)
    assert.equal((await statusOf(simulator, 'B-1')).status, 404)
  })
}

test('cut: the connection breaks, and nothing was carried out', async () => {
  const { simulator } = county()
  simulator.faults.set(rule('pesaflow_checkout', 'cut'))
  await assert.rejects(bring(simulator))
  assert.deepEqual(simulator.pesaflow.bills(), [])
})

test('faults strike one phone alone, if told so', async () => {
  const { simulator, told } = county()
  simulator.faults.set({
    rules: [{ api: 'pesaflow_ipn', fault: 'drop_callback', probability: 1, msisdn: '0799000120' }],
  })
  await payFromMenu(simulator, 105, await numberOf(simulator))
  await simulator.phones
    .get('0799000120')
    .pay({ shortcode: '222222', amount: 105, reference: await numberOf(simulator, { billRefNumber: 'B-2' }) })
  await simulator.settled()
  assert.deepEqual(
    told().map(({ client_invoice_ref }) => client_invoice_ref),
    ['B-1'],
  )
})

test('a notification is sent again, later or dropped from the log, as every callback is', async () => {
  const { simulator, requests } = county({ settings: { pesaflow_ipn: 'variant_form' } })
  await payFromMenu(simulator, 105, await numberOf(simulator))
  await simulator.settled()
  const sent = simulator.log().find(({ api }) => api === 'pesaflow_ipn')
  await simulator.resend(sent?.id ?? '')
  assert.equal(requests.length, 2)
  assert.equal(requests[1]?.contentType, 'application/x-www-form-urlencoded')
})
