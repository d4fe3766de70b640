import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked, countedToday, enable, enabled, inAgreement, secondKey, wanjiku } from '../../testing/payouts.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { disablePayouts } from './enable.ts'

const path = '/v1/payouts/batches'
const csv = { 'Content-Type': 'text/csv' }

const wages = {
  name: 'Wages of November',
  payouts: [
    { kind: 'b2c', phone: wanjiku, amount: 1500, reason: 'salary_payment', external_reference: 'wages-11-wanjiku' },
    { kind: 'pochi', phone: '0722000000', amount: '2200.00' },
    { kind: 'b2b', shortcode: '600000', account_reference: 'RENT', amount: 300 },
  ],
}

async function batchOf({ simulator, call }: Story, id: string): Promise<any> {
  await simulator.settled()
  return (await call('GET', `${path}/${id}`)).body.data
}

/** Sends what is due to be sent, all of it. */
async function sendAll({ sweep, simulator }: Story): Promise<void> {
  while ((await sweep('payouts to send')) > 0);
  await simulator.settled()
}

test('a batch is shown with its totals, approved by a second person, and each line becomes a payout of its own', () =>
  enabled(async (told) => {
    const { status, body } = await told.call('POST', path, wages)
    assert.equal(status, 201, JSON.stringify(body))
    const { id, ...made } = body.data
    assert.deepEqual([made.name, made.status, made.count, made.total], [wages.name, 'awaiting_approval', 3, '4000.00'])
    assert.deepEqual(made.payouts.awaiting_approval, { count: 3, total: '4000.00' })
    assert.equal(await countedToday(told), 4000)

    await sendAll(told)
    assert.equal(asked(told, 'b2c', 'b2pochi', 'b2b'), 0)
    const own = await told.call('POST', `${path}/${id}/approve`)
    assert.deepEqual([own.status, own.body.error.code], [403, 'second_person_required'])
    const approved = await told.call('POST', `${path}/${id}/approve`, undefined, await secondKey(told))
    assert.deepEqual([approved.status, approved.body.data.status], [200, 'in_progress'])

    await sendAll(told)
    const done = await batchOf(told, id)
    assert.deepEqual([done.status, done.payouts.completed], ['finished', { count: 3, total: '4000.00' }])
    const payouts = (await told.call('GET', `/v1/payouts?batch_id=${id}`)).body.data
    assert.deepEqual(payouts.map(({ kind, amount }: any) => `${kind} ${amount}`).toSorted(), [
      'b2b 300.00',
      'b2c 1500.00',
      'pochi 2200.00',
    ])
    assert.ok(payouts.every((payout: any) => payout.batch_id === id && payout.provider_receipt))
    const again = await told.call('POST', `${path}/${id}/approve`, undefined, await secondKey(told))
    assert.deepEqual([again.status, again.body.error.code], [409, 'conflict'])
    assert.equal(await told.sweep('payouts to send'), 0)
    await inAgreement(told)
  }))

test('two nodes that send at once send each payout once', () =>
  enabled(async (told) => {
    const payouts = Array.from({ length: 120 }, (_, index) => ({
      kind: 'b2c',
      phone: `0712000${100 + index}`,
      amount: 10,
    }))
    const { body } = await told.call('POST', path, { payouts })
    await told.call('POST', `${path}/${body.data.id}/approve`, undefined, await secondKey(told))
    await Promise.all([sendAll(told), sendAll(told), sendAll(told)])
    const done = await batchOf(told, body.data.id)
    assert.deepEqual(done.payouts.completed, { count: 120, total: '1200.00' })
    assert.equal(asked(told, 'b2c'), 120)
    await inAgreement(told)
  }))

test('what is wrong is told line by line, and nothing is taken', () =>
  enabled(async (told) => {
    const payouts = [
      { kind: 'b2c', phone: wanjiku, amount: 1500 },
      { kind: 'b2c', phone: '12', amount: 1500 },
      { kind: 'b2c', phone: wanjiku, amount: 9 },
      { kind: 'b2c', phone: wanjiku, amount: '10.50' },
      { kind: 'b2b', shortcode: '600000', amount: 50 },
      { kind: 'b2c', phone: wanjiku, amount: '1500.00' },
      7,
      { kind: 'wire', phone: wanjiku, amount: 1500 },
    ]
    const { status, body } = await told.call('POST', path, { payouts })
    assert.deepEqual([status, body.error.code], [400, 'invalid_batch'])
    assert.match(body.error.message, /^Nothing was taken, for 4 of 8 lines cannot be sent\. Line 2: Not a Kenyan/)
    assert.deepEqual(
      body.error.lines.map(({ line, param }: any) => [line, param]),
      [
        [2, 'phone'],
        [5, 'account_reference'],
        [7, null],
        [8, 'kind'],
      ],
    )
    const readable = payouts.filter((_, index) => [0, 2, 3, 5].includes(index))
    const judged = await told.call('POST', path, { payouts: readable })
    assert.deepEqual(
      judged.body.error.lines.map(({ line, param }: any) => [line, param]),
      [
        [2, 'amount'],
        [3, 'amount'],
        [4, 'external_reference'],
      ],
    )
    assert.match(judged.body.error.lines[2].message, /the same as line 1/)
    assert.equal(await countedToday(told), 0)
    assert.deepEqual((await told.call('GET', path)).body.data, [])
  }))

test('a reference that another payout has is told with its line', () =>
  enabled(async (told) => {
    await told.call('POST', '/v1/payouts', {
      kind: 'b2c',
      phone: wanjiku,
      amount: 50,
      external_reference: 'wages-11-wanjiku',
    })
    const { status, body } = await told.call('POST', path, wages)
    assert.deepEqual([status, body.error.code, body.error.lines.length], [400, 'invalid_batch', 1])
    assert.match(body.error.lines[0].message, /"wages-11-wanjiku" belongs to pot_/)
    assert.equal(await countedToday(told), 50)
  }))

test('a CSV is a batch, however a spreadsheet writes it', () =>
  enabled(async (told) => {
    const text = '\uFEFFPhone;Amount;Remarks\r\n0712345678;1500;"Wages; November"\r\n\r\n722000000;2200;\r\n'
    const { status, body } = await told.call('POST', `${path}?name=Wages`, text, csv)
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual([body.data.name, body.data.count, body.data.total], ['Wages', 2, '3700.00'])
    const payouts = (await told.call('GET', `/v1/payouts?batch_id=${body.data.id}`)).body.data
    assert.deepEqual(
      payouts.map(({ phone, remarks }: any) => [phone, remarks]),
      [
        ['254722000000', null],
        ['254712345678', 'Wages; November'],
      ],
    )
  }))

for (const [what, text, complaint] of [
  ['without lines', 'phone,amount\n', /no line/],
  ['that is empty', '', /no column "amount"/],
  ['with a column that nobody knows', 'phone,amount,iban\n0712345678,100,KE1\n', /no column "iban"/],
  ['with a bad line', 'phone,amount\n0712345678,100\n\n12,100\n', /Line 4: Not a Kenyan/],
] as const)
  test(`a CSV ${what} is refused in a sentence`, () =>
    enabled(async (told) => {
      const { status, body } = await told.call('POST', path, text, csv)
      assert.equal(status, 400)
      assert.match(body.error.message, complaint)
    }))

test('a batch counts whole against the limit of the day, and rejected gives it back', () =>
  story({}, async (told) => {
    await enable(told, { limit: 4500 })
    const { body } = await told.call('POST', path, wages)
    const more = await told.call('POST', path, { payouts: [{ kind: 'b2c', phone: wanjiku, amount: 501 }] })
    assert.deepEqual([more.status, more.body.error.code], [422, 'payout_limit_exceeded'])
    const rejected = await told.call('POST', `${path}/${body.data.id}/reject`, { reason: 'A wrong month' })
    assert.deepEqual([rejected.body.data.status, rejected.body.data.payouts.failed.count], ['rejected', 3])
    assert.equal(await countedToday(told), 0)
    const payouts = (await told.call('GET', `/v1/payouts?batch_id=${body.data.id}`)).body.data
    assert.ok(payouts.every(({ failure }: any) => failure.code === 'rejected' && failure.message === 'A wrong month'))
    assert.equal((await told.call('POST', path, { ...wages, payouts: wages.payouts.slice(1) })).status, 201)
  }))

test('the same batch is taken once: by its key, or within a minute', () =>
  enabled(async (told) => {
    const headers = { 'Idempotency-Key': 'wages-11' }
    const first = await told.call('POST', path, wages, headers)
    assert.deepEqual((await told.call('POST', path, wages, headers)).body, first.body)
    const unnamed = { payouts: wages.payouts.slice(1) }
    const [one, two] = await Promise.all([told.call('POST', path, unnamed), told.call('POST', path, unnamed)])
    assert.deepEqual([one.status, two.status].toSorted(), [201, 409])
  }))

test('a payout of a batch is not decided on by itself', () =>
  enabled(async (told) => {
    const { body } = await told.call('POST', path, wages)
    const [payout] = (await told.call('GET', `/v1/payouts?batch_id=${body.data.id}`)).body.data
    for (const verb of ['approve', 'reject']) {
      const alone = await told.call('POST', `/v1/payouts/${payout.id}/${verb}`, undefined, await secondKey(told))
      assert.deepEqual([alone.status, alone.body.error.batch_id], [409, body.data.id])
    }
  }))

test('what was approved is not sent while payouts are off', () =>
  enabled(async (told) => {
    const { body } = await told.call('POST', path, wages)
    await told.call('POST', `${path}/${body.data.id}/approve`, undefined, await secondKey(told))
    await disablePayouts({ ...told.context, actor: 'user:owner', isOwner: true }, told.merchant.id)
    await sendAll(told)
    assert.equal(asked(told, 'b2c', 'b2pochi', 'b2b'), 0)
    await enable(told)
    await sendAll(told)
    assert.equal((await batchOf(told, body.data.id)).status, 'finished')
  }))

test('a batch of a thousand lines is taken, and one more is too many', () =>
  enabled(async (told) => {
    const payouts = Array.from({ length: 1001 }, (_, index) => ({
      kind: 'b2c',
      phone: `07120${String(10_000 + index)}`,
      amount: 10,
      remarks: 'November',
    }))
    assert.equal((await told.call('POST', path, { payouts })).status, 400)
    const { status, body } = await told.call('POST', path, { payouts: payouts.slice(1) })
    assert.deepEqual([status, body.data?.total], [201, '10000.00'])
    const rejected = await told.call('POST', `${path}/${body.data.id}/reject`)
    assert.equal(rejected.body.data.payouts.failed.count, 1000)
  }))
