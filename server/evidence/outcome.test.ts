import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { showId } from '../id.ts'
import { away, faultyDatabase, unheard } from '../../testing/faulty-database.ts'
import type { Fault } from '../../testing/faulty-database.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'

const isSettlement = ({ strings }: Sql) => /settled as \(\s+update payments p /.test(strings.join(''))
const isLookAtAccounts = ({ strings }: Sql) => strings.join('').includes('from provider_accounts where id = any')

/** The shop asks for a payment and is answered 503; then the database is back, and the node tries again. */
async function payInOutage(
  { call, context }: Story,
  { fail, rest }: ReturnType<typeof faultyDatabase>,
  outage: Fault,
): Promise<string> {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    fail(outage)
    const { status } = await call('POST', '/v1/payments', { amount: 100, phone: '0712345678' })
    assert.equal(status, 503)
    fail(undefined)
    mock.timers.tick(1_000)
    await rest()
  } finally {
    mock.timers.reset()
  }
  const { id } = await context.database.one<{ id: string }>(sql`select id from payments`)
  return showId('pay', id)
}

test('the ids that M-Pesa answered are kept, although the database was away when they came', () => {
  const database = faultyDatabase()
  return story({ wrap: database.wrap }, async (told) => {
    const id = await payInOutage(told, database, (query, ask) => (isSettlement(query) ? away(query, ask) : ask()))
    const { status, provider_outcome, provider_ref } = await told.payment(id)
    assert.deepEqual({ status, provider_outcome }, { status: 'pending', provider_outcome: 'accepted' })
    assert.match(provider_ref, /^ws_CO_/)
  })
})

test('a request that was never sent, because the database was away, fails as soon as it is back', () => {
  const database = faultyDatabase()
  return story({ wrap: database.wrap }, async (told) => {
    const isOfToken = (query: Sql) => isSettlement(query) || isLookAtAccounts(query)
    const id = await payInOutage(told, database, (query, ask) => (isOfToken(query) ? away(query, ask) : ask()))
    const { status, failure } = await told.payment(id)
    assert.equal(status, 'failed')
    assert.equal(failure?.code, 'refused')
    assert.equal(told.simulator.asked('stkpush').length, 0)
  })
})

test('an outcome whose commit went through unseen is not kept twice', () => {
  const database = faultyDatabase()
  return story({ wrap: database.wrap }, async (told) => {
    const id = await payInOutage(told, database, (query, ask) => (isSettlement(query) ? unheard(query, ask) : ask()))
    const payment = await told.payment(id)
    assert.equal(payment.provider_outcome, 'accepted')
    assert.equal(payment.needs_attention, null)
    const { body } = await told.call('GET', `/v1/payments/${id}/evidence`)
    assert.equal(body.data.length, 1)
  })
})
