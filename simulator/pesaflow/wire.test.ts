import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usualKey, usualSecret } from './client.ts'
import { billFields, bring, county, numberOf, payFromMenu, statusOf } from '../testing/county.ts'
import { assertShape, fixture } from '../testing/recordings.ts'
import type { Simulator } from '../simulator.ts'

// Every body that Pesaflow sends here has the shape of a recorded one. The client is held to the same recordings.

const post = (simulator: Simulator, path: string, body: unknown, headers: Record<string, string> = {}) =>
  simulator.fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

const shaped = (body: unknown, name: string) => assertShape(body, name, 'pesaflow')
const recorded = (name: string) => fixture(name, 'pesaflow')

test('a token for key and secret, and a refusal for others', async () => {
  const { simulator } = county()
  const ask = (keys: object) => post(simulator, '/api/oauth/generate/token', keys)
  shaped(await (await ask({ key: usualKey, secret: usualSecret })).json(), 'oauth.accepted')
  const refused = await ask({ key: usualKey, secret: 'other' })
  assert.equal(refused.status, 401)
  assert.deepEqual(await refused.json(), recorded('oauth.refused'))
})

test('a bill as a form and as JSON', async () => {
  const { simulator } = county()
  shaped((await bring(simulator)).answer, 'checkout.accepted')
  const json = await post(simulator, '/PaymentAPI/iframev2.1.php', billFields({ billRefNumber: 'B-2' }))
  shaped(await json.json(), 'checkout.accepted')
  assert.equal(simulator.pesaflow.bills().length, 2)
})

test('a bill with the wrong hash, with fields that are wrong or missing, and for a bill that is paid', async () => {
  const { simulator } = county()
  const wrong = await bring(simulator, { secureHash: btoa('x') })
  assert.deepEqual([wrong.status, wrong.answer], [422, recorded('checkout.refused.invalid-hash')])
  const { error } = recorded('checkout.refused.invalid-fields') as { error: string }
  const [words = ''] = error.split('%{')
  const mistakes = [
    ['billDesc', ''],
    ['amountExpected', '0'],
    ['apiClientID', '999'],
    ['serviceID', '999999'],
    ['notificationURL', 'county'],
  ] as const
  for (const [name, value] of mistakes) {
    const { status, answer } = await bring(simulator, { [name]: value })
    assert.equal(status, 422)
    shaped(answer, 'checkout.refused.invalid-fields')
    assert.ok(String(answer.error).startsWith(`${words}%{"amountExpected" => "`), String(answer.error))
  }
  await payFromMenu(simulator, 105, await numberOf(simulator))
  const paid = await bring(simulator)
  assert.deepEqual([paid.status, paid.answer], [422, recorded('checkout.refused.already-paid')])
})

test('the status of a bill that waits, is paid in part, and is paid', async () => {
  const { simulator } = county()
  const number = await numberOf(simulator)
  shaped((await statusOf(simulator, number)).body, 'status.pending')
  await payFromMenu(simulator, 40, number)
  const part = (await statusOf(simulator, number)).body
  shaped(part, 'status.part-paid')
  assert.deepEqual([part.status, part.amount_paid], ['pending', '40.00'])
  await payFromMenu(simulator, 65, number)
  const { body } = await statusOf(simulator, 'B-1')
  shaped(body, 'status.settled')
  assert.deepEqual(
    { ...body, ref_no: 'GWLQKD' },
    { ...(recorded('status.settled') as object), payment_date: '2026-11-20T17:15:05' },
  )
})

test('the status of a bill that is not known, of another client, and with a wrong hash', async () => {
  const { simulator } = county()
  const number = await numberOf(simulator)
  const unknown = await statusOf(simulator, 'ZZZZZZ')
  assert.deepEqual([unknown.status, unknown.body], [404, recorded('status.not-found')])
  const wrong = await statusOf(simulator, number, { secure_hash: 'x' })
  assert.deepEqual([wrong.status, wrong.body], [422, recorded('status.refused.invalid-hash')])
  assert.equal((await statusOf(simulator, number, { api_client_id: '2' })).status, 422)
})

test('an invoice needs a token, and a grant', async () => {
  const { simulator } = county()
  const body = recorded('create-invoice.request')
  const create = (headers: Record<string, string>) => post(simulator, '/api/invoice/create', body, headers)
  assert.deepEqual(await (await create({})).json(), recorded('oauth.refused'))
  const keys = { key: usualKey, secret: usualSecret }
  const { token } = (await (await post(simulator, '/api/oauth/generate/token', keys)).json()) as { token: string }
  const refused = await create({ Authorization: `Bearer ${token}` })
  assert.deepEqual([refused.status, await refused.json()], [401, recorded('create-invoice.refused.not-granted')])
  simulator.pesaflow.client('1', { may_create_invoices: true })
  shaped(await (await create({ Authorization: `Bearer ${token}` })).json(), 'create-invoice.accepted')
  assert.equal(simulator.pesaflow.bills()[0]?.description, 'Overload fine')
})

test('a notification as it was recorded, for the whole and for parts', async () => {
  const { simulator, told } = county()
  const number = await numberOf(simulator)
  await payFromMenu(simulator, 40, number)
  await payFromMenu(simulator, 25, number)
  await simulator.settled()
  shaped(told()[1], 'ipn.part-paid')
  await payFromMenu(simulator, 105, await numberOf(simulator, { billRefNumber: 'B-2' }))
  await simulator.settled()
  shaped(told()[2], 'ipn.settled')
})

test('a notification in the variant of the guide, as JSON and as a form', async () => {
  const { simulator, requests } = county()
  for (const [index, pesaflow_ipn] of (['variant', 'variant_form'] as const).entries()) {
    simulator.settings.set({ pesaflow_ipn })
    await payFromMenu(simulator, 105, await numberOf(simulator, { billRefNumber: `B-${index}` }))
    await simulator.settled()
  }
  const [json, form] = requests
  shaped(JSON.parse(json?.text ?? ''), 'ipn.variant')
  assert.equal(form?.contentType, 'application/x-www-form-urlencoded')
  assert.deepEqual([...new URLSearchParams(form?.text).keys()], Object.keys(recorded('ipn.variant') as object))
})
