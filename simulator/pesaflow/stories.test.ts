import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Simulator } from '../simulator.ts'
import { bring, county, hash, numberOf, payFromMenu, statusOf } from '../testing/county.ts'
import { usualSecret } from './client.ts'

const phone = (simulator: Simulator) => simulator.phones.get('0712345678')

test('a prompt rings with the bill, the payer agrees, the county is told and the status is settled', async () => {
  const { simulator, told } = county()
  const number = await numberOf(simulator, { sendSTK: 'true' })
  const [prompt] = simulator.prompts()
  assert.deepEqual(
    [prompt?.msisdn, prompt?.amount, prompt?.shortcode, prompt?.account_reference],
    ['254712345678', 105, '222222', number],
  )
  assert.equal(phone(simulator).approve().result_code, 0)
  await simulator.settled()
  const [entry] = simulator.ledger.entries
  assert.match(phone(simulator).messages.at(-1)?.text ?? '', /Ksh105\.00 sent to eCitizen for account [A-Z]{6}/)
  assert.equal(told().length, 1)
  assert.deepEqual(told()[0]?.payment_reference, [
    {
      payment_reference: entry?.receipt,
      payment_date: '2026-11-20T17:15:05Z',
      inserted_at: '2026-11-20T17:15:05',
      currency: 'KES',
      amount: '105.00',
    },
  ])
  assert.equal(told()[0]?.payment_date, '2026-11-20 20:15:05+03:00 EAT Africa/Nairobi')
  assert.equal((await statusOf(simulator, number)).body.status, 'settled')
})

test('the ledger keeps the commission apart, and takes the bill first', async () => {
  const { simulator } = county()
  const number = await numberOf(simulator)
  await payFromMenu(simulator, 98, number)
  await payFromMenu(simulator, 7, number)
  const { entries } = (await (await simulator.fetch('/_/ledger')).json()) as { entries: Record<string, unknown>[] }
  assert.deepEqual(
    entries.map(({ kind, amount, commission, shortcode, reference }) => [
      kind,
      amount,
      commission,
      shortcode,
      reference,
    ]),
    [
      ['pesaflow', 98, 0, '222222', number],
      ['pesaflow', 7, 5, '222222', number],
    ],
  )
  assert.equal(simulator.ledger.balances()['222222']?.['Utility Account'], 100_105)
})

test('the commission is neither fixed nor proportional, or what the settings say', async () => {
  const { simulator } = county()
  const commissionOn = async (amountExpected: string) =>
    (await bring(simulator, { billRefNumber: amountExpected, amountExpected })).answer.commission
  assert.deepEqual(
    [await commissionOn('100.00'), await commissionOn('2000'), await commissionOn('2499900.00')],
    ['5.00', '10.00', '50.00'],
  )
  simulator.settings.set({ pesaflow_commission: 0 })
  assert.equal(await commissionOn('7.50'), '0.00')
})

for (const [way, end, state] of [
  ['cancels', (simulator: Simulator) => phone(simulator).cancel(), 'cancelled'],
  ['enters the wrong PIN', (simulator: Simulator) => phone(simulator).wrongPin(), 'wrong_pin'],
  ['has not enough', (simulator: Simulator) => phone(simulator).approve(), 'not_enough'],
] as const) {
  test(`a payer who ${way} does not pay, and nobody is told`, async () => {
    const { simulator, told } = county()
    if (state === 'not_enough') simulator.phones.set('0712345678', { balance: 100 })
    const number = await numberOf(simulator, { sendSTK: 'true' })
    end(simulator)
    await simulator.settled()
    assert.deepEqual([told(), simulator.ledger.entries], [[], []])
    assert.equal(simulator.pesaflow.bill(number)?.prompt?.state, state)
    assert.equal((await statusOf(simulator, number)).body.status, 'pending')
  })
}

test('a prompt that nobody answers goes away, and the bill can still be paid', async () => {
  const { simulator, clock } = county()
  const number = await numberOf(simulator, { sendSTK: 'True' })
  await clock.advance('61 s')
  assert.equal(simulator.pesaflow.bill(number)?.prompt?.state, 'timed_out')
  assert.equal((await payFromMenu(simulator, 105, number)).status, 'paid')
})

test('a bill may be paid beyond its amount, but not once more', async () => {
  const { simulator, told } = county()
  const number = await numberOf(simulator)
  await payFromMenu(simulator, 40, number)
  assert.equal((await payFromMenu(simulator, 100, number)).status, 'paid')
  assert.deepEqual(await payFromMenu(simulator, 1, number), {
    status: 'refused',
    code: 'C2B00012',
    reason: 'There is no bill with this number, or it is paid.',
  })
  assert.equal((await payFromMenu(simulator, 1, 'NOSUCH')).status, 'refused')
  await simulator.settled()
  assert.deepEqual(
    told().map(({ amount_paid, last_payment_amount }) => [amount_paid, last_payment_amount]),
    [
      ['40', '40.00'],
      ['140', '100.00'],
    ],
  )
  assert.deepEqual(
    simulator.ledger.entries.map(({ commission }) => commission),
    [0, 5],
  )
})

test('a reference that comes again unpaid is the same bill, changed; or a second one', async () => {
  const { simulator } = county()
  const first = await numberOf(simulator)
  const changed = await bring(simulator, { amountExpected: '200.00', clientName: 'John Doe' })
  assert.deepEqual([changed.answer.invoice_number, changed.answer.amount_net], [first, '200.00'])
  await payFromMenu(simulator, 50, first)
  const kept = await bring(simulator, { amountExpected: '300.00' })
  assert.deepEqual([kept.answer.invoice_number, kept.answer.amount_net], [first, '200.00'])
  simulator.settings.set({ pesaflow_repeated_bill: 'second' })
  assert.notEqual(await numberOf(simulator), first)
})

test('hashes of notifications are made by both recipes, and can be wrong or missing', async () => {
  const { simulator, told } = county()
  const pay = async (billRefNumber: string) => {
    const number = await numberOf(simulator, { billRefNumber })
    await payFromMenu(simulator, 105, number)
    await simulator.settled()
    return { number, body: told().at(-1) ?? {} }
  }
  const b = await pay('B')
  const date = '2026-11-20 20:15:05+03:00 EAT Africa/Nairobi'
  assert.equal(b.body.secure_hash, hash('B', b.number, '105', date, usualSecret))
  simulator.settings.set({ pesaflow_ipn: 'variant' })
  const a = await pay('A')
  assert.equal(a.body.token_hash, hash(a.number, '105', usualSecret))
  simulator.settings.set({ pesaflow_ipn_hash: 'wrong' })
  const wrong = await pay('W')
  assert.notEqual(wrong.body.token_hash, hash(wrong.number, '105', usualSecret))
  simulator.settings.set({ pesaflow_ipn_hash: 'none' })
  assert.equal((await pay('N')).body.token_hash, undefined)
})

test('the times of a notification can be three hours late, as they were seen', async () => {
  const { simulator, told } = county({ settings: { pesaflow_ipn_times: 'late' } })
  await payFromMenu(simulator, 105, await numberOf(simulator))
  await simulator.settled()
  assert.equal(told()[0]?.payment_date, '2026-11-20 23:15:05+03:00 EAT Africa/Nairobi')
  const [payment] = (told()[0]?.payment_reference ?? []) as Record<string, string>[]
  assert.deepEqual([payment?.payment_date, payment?.inserted_at], ['2026-11-20T20:15:05Z', '2026-11-20T17:15:05'])
})

test('words for a paid bill, and for a part, are switches', async () => {
  const { simulator } = county({ settings: { pesaflow_paid_word: 'SUCCESS', pesaflow_part_word: 'settled' } })
  const number = await numberOf(simulator)
  await payFromMenu(simulator, 1, number)
  assert.equal((await statusOf(simulator, number)).body.status, 'settled')
  await payFromMenu(simulator, 104, number)
  assert.equal((await statusOf(simulator, number)).body.status, 'SUCCESS')
})

test('clients have names, keys and secrets of their own', async () => {
  const { simulator } = county()
  const put = (id: string, body: object) =>
    simulator.fetch(`/_/pesaflow/clients/${id}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  assert.equal((await put('588', { name: 'Roads Agency', key: 'k3y' })).status, 200)
  assert.equal((await bring(simulator, { apiClientID: '588' })).status, 422)
  for (const [id, changes, words] of [
    ['999', {}, '1 to 6 digits'],
    ['1', { key: '' }, 'key must be a text'],
    ['1', { passkey: 'x' }, 'There is no field passkey'],
    ['1', { may_create_invoices: 1 }, 'true or false'],
  ] as const) {
    const response = await put(id, changes)
    assert.equal(response.status, 400)
    assert.ok(((await response.json()) as { error: string }).error.includes(words), words)
  }
  const listed = (await (await simulator.fetch('/_/pesaflow/clients')).json()) as { name: string }[]
  assert.deepEqual(
    listed.map(({ name }) => name),
    ['Roads Agency', 'County 1'],
  )
})

test('a status that wants a token is told with one alone', async () => {
  const { simulator } = county({ settings: { pesaflow_status_token: true } })
  assert.equal((await statusOf(simulator, await numberOf(simulator))).status, 401)
})

test('with a state file bills and their prompts go on where they stopped', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pesaflow-'))
  try {
    const data = join(folder, 'state.json')
    const first = county({ data })
    const number = await numberOf(first.simulator, { sendSTK: 'true' })
    first.simulator.close()
    const second = county({ data })
    phone(second.simulator).approve()
    await second.simulator.settled()
    assert.equal((await statusOf(second.simulator, number)).body.status, 'settled')
    assert.equal(second.told().length, 1)
    second.simulator.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a reset forgets bills and clients', async () => {
  const { simulator } = county()
  const number = await numberOf(simulator)
  simulator.reset()
  assert.deepEqual(simulator.pesaflow.bills(), [])
  assert.equal((await statusOf(simulator, number)).status, 404)
})
