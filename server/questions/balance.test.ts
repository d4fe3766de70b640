import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { addressOf } from '../../testing/address-of.ts'
import { showId } from '../id.ts'

async function ask({ call, simulator }: Story): Promise<any> {
  const asked = await call('POST', '/v1/mpesa/balance')
  await simulator.settled()
  return asked
}

async function show({ call }: Story): Promise<any> {
  return (await call('GET', '/v1/mpesa/balance')).body.data
}

test('the balance that M-Pesa tells is shown, with the time at which it was drawn up', () =>
  story({}, async (told) => {
    assert.deepEqual(await show(told), {
      environment: 'simulator',
      shortcode: '174379',
      accounts: [],
      as_of: null,
      problem: null,
    })
    const { status, body } = await ask(told)
    assert.equal(status, 200)
    assert.equal(body.data.ResponseCode, '0')
    const { accounts, as_of, problem } = await show(told)
    const names = accounts.map(({ name, available }: any) => [name, available])
    assert.ok(names.some(([name, available]: any) => name === 'Utility Account' && available === '100000.00'))
    assert.equal(as_of, '2026-11-20T11:30:00.000Z')
    assert.equal(problem, null)
  }))

test('why there is no balance is said, and the last one stays', () =>
  story({}, async (told) => {
    await ask(told)
    const before = await show(told)
    told.simulator.faults.set({ rules: [{ api: 'accountbalance', fault: 'queue_timeout', probability: 1 }] })
    await told.advance('1 minute')
    await ask(told)
    const after = await show(told)
    assert.match(after.problem, /too busy/)
    assert.deepEqual({ ...after, problem: null }, before)
    told.simulator.faults.set({ rules: [] })
    await ask(told)
    assert.equal((await show(told)).problem, null)
  }))

test('an older balance does not replace a younger one', () =>
  story({}, async (told) => {
    await ask(told)
    const first = told.lastCallback()
    await told.advance('1 hour')
    await ask(told)
    const young = await show(told)
    const { id } = await told.context.database.one<{ id: string }>(sql`select id from provider_accounts`)
    await told.post(addressOf(told, 'balance', showId('acc', id)), first.body)
    assert.deepEqual(await show(told), young)
  }))

test('without an API operator there is no balance', () =>
  story({ operator: {} }, async (told) => {
    const { status, body } = await ask(told)
    assert.deepEqual([status, body.error.code], [422, 'operator_required'])
  }))
