import assert from 'node:assert/strict'
import { test } from 'node:test'
import { post, tokenOf } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { assertShape, fixture, words } from '../testing/recordings.ts'

type Json = Record<string, unknown>

const invoice = { ...(fixture('bill-manager.invoice.request') as Json), billedPhoneNumber: '0712345678' }
const details = fixture('bill-manager.opt-in.request') as Json

/** A school that has opted in. */
async function biller() {
  const shop = merchant()
  const { simulator } = shop
  const token = await tokenOf(simulator)
  let appKey = ''
  const ask = async (operation: string, body: unknown, headers: Record<string, string> = { appKey }) => {
    const response = await simulator.fetch(`/v1/billmanager-invoice/${operation}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return (await response.json()) as Json
  }
  const optedIn = await ask('optin', details, {})
  assertShape(optedIn, 'bill-manager.opt-in.accepted')
  appKey = String(optedIn.app_key)
  return { ...shop, ask, phone: simulator.phones.get('0712345678') }
}

test('an invoice reaches the customer by SMS, and its payment the biller', async () => {
  const { simulator, callbacks, requests, ask, phone } = await biller()
  assertShape(await ask('single-invoicing', invoice), 'bill-manager.invoice.accepted')
  assert.match(phone.messages.at(-1)?.text ?? '', /your invoice Jentrys for August 2021, Ksh800\.00/)
  const paid = await phone.pay({ shortcode: '718003', amount: 300, reference: '1ASD678H' })
  await simulator.settled()
  assert.equal(requests[0]?.url, 'http://my.server.com/bar/callback')
  assertShape(callbacks()[0], 'bill-manager.payment')
  assert.deepEqual(callbacks()[0], {
    transactionId: paid.status === 'paid' && paid.receipt,
    paidAmount: '300',
    msisdn: '254712345678',
    dateCreated: '2026-11-20',
    accountReference: '1ASD678H',
    shortCode: '718003',
  })
  const refused = await ask('cancel-single-invoice', { externalReference: '#9932340' })
  assert.equal(refused.Status_Message, 'partially or fully paid invoices cannot be cancelled.')
})

test('the biller is told five times at most, a minute apart, until it answers', async () => {
  const { simulator, clock, callbacks, respond, phone } = await biller()
  respond(500)
  await phone.pay({ shortcode: '718003', amount: 300, reference: 'X' })
  await clock.advance('10 minutes')
  assert.equal(callbacks().length, 5)
  await phone.pay({ shortcode: '718003', amount: 300, reference: 'X' })
  await simulator.settled()
  respond(200)
  await clock.advance('10 minutes')
  assert.equal(callbacks().length, 7)
})

test('a dropped callback counts as a try', async () => {
  const { simulator, clock, callbacks, phone } = await biller()
  simulator.faults.set({ rules: [{ api: 'billmanager', fault: 'drop_callback', probability: 1 }] })
  await phone.pay({ shortcode: '718003', amount: 300, reference: 'X' })
  await clock.advance('90 s')
  simulator.faults.set({ rules: [] })
  await clock.advance('10 minutes')
  assert.equal(callbacks().length, 1)
})

test('a thousand invoices go at once, or none', async () => {
  const { ask } = await biller()
  const numbered = (externalReference: number | string) => ({ ...invoice, externalReference })
  const thousand = Array.from({ length: 1000 }, (_, i) => numbered(i))
  assertShape(await ask('bulk-invoicing', thousand), 'bill-manager.invoice.accepted')
  assert.equal((await ask('bulk-invoicing', [...thousand, numbered('x')])).errorCode, '400.002.05')
  const again = await ask('bulk-invoicing', [numbered('new'), numbered('7')])
  assertShape(again, 'bill-manager.refused.conflict')
  assert.equal((await ask('single-invoicing', numbered('new'))).rescode, '200')
})

test('invoices are changed and cancelled by their references', async () => {
  const { ask } = await biller()
  await ask('single-invoicing', invoice)
  assert.equal((await ask('change-invoice', { ...invoice, amount: '900' })).rescode, '200')
  assert.equal((await ask('change-invoices', [invoice])).rescode, '200')
  assert.equal((await ask('change-invoice', { ...invoice, externalReference: 'none' })).rescode, '409')
  const gone = [{ externalReference: '#9932340' }]
  assertShape(await ask('cancel-bulk-invoices', gone), 'bill-manager.cancel.accepted')
  assert.equal((await ask('cancel-single-invoice', { externalReference: 'none' })).rescode, '409')
})

for (const [why, operation, body, message] of [
  ['a second registration', 'optin', details, 'Action Forbidden: Biller already Registered'],
  [
    'a bad phone',
    'single-invoicing',
    { ...invoice, billedPhoneNumber: '07XXXXXXXX' },
    'Action forbidden: Incorrect phone number format',
  ],
  [
    'a bad date',
    'single-invoicing',
    { ...invoice, dueDate: '12/10/2021' },
    'Action forbidden: Incorrect due date format',
  ],
] as const) {
  test(`${why} is a conflict with status 200`, async () => {
    const { ask } = await biller()
    assert.deepEqual(await ask(operation, body), { Status_Message: message, resmsg: 'Conflict', rescode: '409' })
  })
}

test('without the key of the opt-in nothing can be invoiced, and the details can be changed', async () => {
  const { ask } = await biller()
  const refused = await ask('single-invoicing', invoice, {})
  assert.equal(refused.Status_Message, 'Action Forbidden: Invalid consumer key/short code')
  assertShape(await ask('change-optin-details', { ...details, sendReminders: 0 }, {}), 'bill-manager.update.accepted')
})

test('the biller says what a payment was for, and the customer gets a receipt', async () => {
  const { ask, phone } = await biller()
  const receipt = { ...(fixture('bill-manager.reconciliation.request') as Json), phoneNumber: '0712345678' }
  assertShape(await ask('reconciliation', receipt), 'bill-manager.update.accepted')
  assert.match(phone.messages.at(-1)?.text ?? '', /Dear John Doe, your payment PJB53MYR1N of Ksh800 for School Fees/)
})

test('a bad token has words of its own', async () => {
  const { simulator } = await biller()
  const bad = await post(simulator, '/v1/billmanager-invoice/optin', details, { token: 'bad' })
  assert.deepEqual([bad.status, words(bad.body)], [401, words(fixture('token.refused.401'))])
})
