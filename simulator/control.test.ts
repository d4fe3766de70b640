import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Simulator } from './simulator.ts'
import { askToPay } from './testing/daraja.ts'
import { merchant, put } from './testing/merchant.ts'

const get = async (simulator: Simulator, path: string): Promise<unknown> => (await simulator.fetch(path)).json()
const send = async (simulator: Simulator, path: string, body?: unknown) => {
  const response = await simulator.fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

test('the phones are there from the start, and can be changed in any spelling', async () => {
  const { simulator } = merchant()
  const phones = (await get(simulator, '/_/phones')) as { msisdn: string; balance: number; auto: unknown }[]
  assert.deepEqual(phones[0], {
    msisdn: '254712345678',
    name: 'Amina Hassan',
    balance: 10_400,
    pin: '1234',
    auto: null,
    offline: false,
    prompts: [],
    messages: [],
  })
  assert.equal(phones.find(({ msisdn }) => msisdn === '254708374149')?.auto, 'approve')
  const changed = await put(simulator, '/_/phones/0722%20111%20222', {
    name: 'Njeri',
    balance: 50.5,
    pin: '9999',
    auto: 'cancel',
  })
  const { messages: _, ...phone } = (await changed.json()) as Record<string, unknown>
  assert.deepEqual(phone, {
    msisdn: '254722111222',
    name: 'Njeri',
    balance: 50.5,
    pin: '9999',
    auto: 'cancel',
    offline: false,
    prompts: [],
  })
})

for (const [path, body, told] of [
  ['/_/phones/12', {}, /no Kenyan mobile number/],
  ['/_/phones/0712345678', { balance: -1 }, /balance must be/],
  ['/_/phones/0712345678', { balance: '5' }, /balance must be/],
  ['/_/phones/0712345678', { pin: 1234 }, /pin must be four digits/],
  ['/_/phones/0712345678', { auto: 'yes' }, /auto must be "approve"/],
  ['/_/phones/0712345678', { colour: 'red' }, /no field colour here\. There are: name, balance/],
  ['/_/settings', { prompt_life: 5 }, /no setting prompt_life\. There are: expires_in/],
  ['/_/settings', { query_flake_rate: 2 }, /query_flake_rate must be a number from 0 to 1/],
  ['/_/settings', { expires_in: 3599 }, /expires_in must be "string" or "number"/],
  ['/_/organisations/999999', {}, /999999 is kept/],
  ['/_/organisations/600000', { type: 'shop' }, /type must be "paybill" or "till"/],
] as const) {
  test(`PUT ${path} ${JSON.stringify(body)} is refused with what to write instead`, async () => {
    const { simulator } = merchant()
    const response = await put(simulator, path, body)
    assert.equal(response.status, 400)
    assert.match(((await response.json()) as { error: string }).error, told)
  })
}

test('a prompt is listed and answered over HTTP, once', async () => {
  const { simulator } = merchant()
  const { answer } = await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 20, AccountReference: 'INV-9' })
  const prompts = (await get(simulator, '/_/prompts')) as { id: string }[]
  const [prompt] = prompts
  assert.deepEqual(prompts, [
    {
      id: prompt?.id,
      msisdn: '254712345678',
      amount: 20,
      shortcode: '174379',
      account_reference: 'INV-9',
      checkout_request_id: answer.CheckoutRequestID,
      opened_at: '2026-11-20T17:15:05.000Z',
      expires_at: '2026-11-20T17:16:05.000Z',
    },
  ])
  const path = `/_/prompts/${prompt?.id}/answer`
  assert.match(String((await send(simulator, path, { pin: 1234 })).body.error), /Answer a prompt with/)
  assert.match(String((await send(simulator, path, { pin: '1234', cancel: true })).body.error), /Answer a prompt with/)
  const { status, body } = await send(simulator, path, { pin: '1234' })
  assert.deepEqual([status, body.result_code], [200, 0])
  assert.equal((await send(simulator, path, { cancel: true })).status, 404)
})

test('the ledger has the eight facts of each movement, and every balance', async () => {
  const { simulator } = merchant()
  await askToPay(simulator, { Amount: 12, AccountReference: 'INV-3' })
  await simulator.settled()
  const { entries, balances } = (await get(simulator, '/_/ledger')) as {
    entries: { receipt: string }[]
    balances: object
  }
  assert.deepEqual(entries, [
    {
      receipt: entries[0]?.receipt,
      kind: 'stk',
      amount: 12,
      msisdn: '254708374149',
      shortcode: '174379',
      reference: 'INV-3',
      at: '2026-11-20T17:15:05.000Z',
      reverses: null,
    },
  ])
  assert.equal((balances as Record<string, Record<string, number>>)['174379']?.['Utility Account'], 100_012)
})

test('the log shows what came in and what went out', async () => {
  const { simulator } = merchant()
  await askToPay(simulator)
  await simulator.settled()
  const log = (await get(simulator, '/_/log')) as Record<string, unknown>[]
  assert.deepEqual(
    log.map(({ direction, api, status, fault }) => [direction, api, status, fault]),
    [
      ['in', 'oauth', 200, null],
      ['in', 'stkpush', 200, null],
      ['out', 'stkpush', 200, null],
    ],
  )
  assert.partialDeepStrictEqual(log[1], { body: { AccountReference: 'INV-1' } })
})

test('a reset forgets everything, prompts and faults and settings too', async () => {
  const { simulator, clock, callbacks } = merchant()
  await askToPay(simulator, { PhoneNumber: '254712345678' })
  simulator.faults.set({ rules: [{ api: '*', fault: 'cut', probability: 0 }] })
  simulator.settings.set({ query_flake_rate: 0.5 })
  assert.equal((await send(simulator, '/_/reset')).status, 200)
  await clock.advance('2 minutes')
  await simulator.settled()
  assert.deepEqual([callbacks(), simulator.prompts(), simulator.log(), simulator.ledger.entries], [[], [], [], []])
  assert.deepEqual(simulator.faults.get(), { rules: [] })
  assert.equal(simulator.settings.get().query_flake_rate, 0)
})

test('changes are told to whoever listens', async () => {
  const { simulator } = merchant()
  const heard = new Set<string>()
  const stop = simulator.subscribe((what) => heard.add(what))
  await askToPay(simulator)
  await simulator.settled()
  assert.deepEqual([...heard].toSorted(), ['ledger', 'log', 'organisations', 'phones', 'prompts'])
  stop()
  heard.clear()
  simulator.reset()
  assert.equal(heard.size, 0)
})

test('what the control API does not have, or cannot read, it says', async () => {
  const { simulator } = merchant()
  assert.equal((await simulator.fetch('/_/nothing')).status, 404)
  const broken = await simulator.fetch('/_/faults', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: '{',
  })
  assert.deepEqual([broken.status, await broken.json()], [400, { error: 'The body is not JSON.' }])
})

const fromBrowser: [what: string, headers: Record<string, string>, status: number][] = [
  ['a page of the simulator', { Origin: 'http://localhost:4010', 'Sec-Fetch-Site': 'same-origin' }, 200],
  ['a program', {}, 200],
  ['a page of another site', { Origin: 'https://prizes.example', 'Sec-Fetch-Site': 'cross-site' }, 403],
  ['a page of another port', { Origin: 'http://localhost:3000', 'Sec-Fetch-Site': 'same-site' }, 403],
  ['a frame that has no origin', { Origin: 'null' }, 403],
  ['a browser that tells the relation alone', { 'Sec-Fetch-Site': 'cross-site' }, 403],
]

for (const [what, headers, status] of fromBrowser)
  test(`${what} ${status === 200 ? 'may change a phone' : 'changes no phone'}`, async () => {
    const { simulator } = merchant()
    const before = simulator.phones.get('0712345678').balance
    const put = await simulator.fetch('http://localhost:4010/_/phones/0712345678', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: '{"balance":1}',
    })
    assert.equal(put.status, status)
    const form = await simulator.fetch('http://localhost:4010/phone/254712345678', {
      method: 'POST',
      headers,
      body: new URLSearchParams({ name: 'Amina', balance: '2', pin: '1234' }),
      redirect: 'manual',
    })
    assert.equal(form.status, status === 200 ? 303 : 403)
    assert.equal(simulator.phones.get('0712345678').balance, status === 200 ? 2 : before)
  })

test('the control API takes JSON, and no form that any site may post', async () => {
  const { simulator } = merchant()
  for (const type of [
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    undefined,
  ]) {
    const response = await simulator.fetch('/_/phones/0712345678', {
      method: 'PUT',
      body: '{"auto":"approve"}',
      ...(type && { headers: { 'Content-Type': type } }),
    })
    assert.equal(response.status, 400)
    assert.match(((await response.json()) as { error: string }).error, /Content-Type: application\/json/)
  }
})
