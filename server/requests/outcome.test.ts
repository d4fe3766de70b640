import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { showId } from '../id.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'

type Fault = (query: Sql, ask: () => Promise<unknown[]>) => Promise<unknown[]>

/** A database with a switch: what happens to a statement is up to the test. */
function faultyDatabase() {
  let fault: Fault = (_, ask) => ask()
  let underWay = 0
  const strike = async (query: Sql, ask: () => Promise<unknown[]>) => {
    underWay++
    return fault(query, ask).finally(() => underWay--)
  }
  return {
    fail: (next: Fault) => void (fault = next),
    /** Resolves when no statement has been under way for a while. */
    async rest() {
      for (let quiet = 0; quiet < 20; quiet = underWay === 0 ? quiet + 1 : 0)
        await new Promise((resolve) => setImmediate(resolve))
    },
    wrap: {
      database: (database: Context['database']): Context['database'] => ({
        ...database,
        maybe: (query: Sql) => strike(query, async () => [await database.maybe(query)]).then(([row]) => row) as never,
        query: (query: Sql) => strike(query, () => database.query(query)) as never,
      }),
    },
  }
}

const away = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
const isSettlement = ({ strings }: Sql) => strings.join('').includes('update payments p set (')
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
    fail((_, ask) => ask())
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
    const id = await payInOutage(told, database, (query, ask) => (isSettlement(query) ? away() : ask()))
    const { status, provider_outcome, provider_ref } = await told.payment(id)
    assert.deepEqual({ status, provider_outcome }, { status: 'pending', provider_outcome: 'accepted' })
    assert.match(provider_ref, /^ws_CO_/)
  })
})

test('a request that was never sent, because the database was away, fails as soon as it is back', () => {
  const database = faultyDatabase()
  return story({ wrap: database.wrap }, async (told) => {
    const isOfToken = (query: Sql) => isSettlement(query) || isLookAtAccounts(query)
    const id = await payInOutage(told, database, (query, ask) => (isOfToken(query) ? away() : ask()))
    const { status, failure } = await told.payment(id)
    assert.equal(status, 'failed')
    assert.equal(failure?.code, 'refused')
    assert.equal(told.simulator.asked('stkpush').length, 0)
  })
})

test('an outcome whose commit went through unseen is not kept twice', () => {
  const database = faultyDatabase()
  return story({ wrap: database.wrap }, async (told) => {
    const id = await payInOutage(told, database, async (query, ask) => {
      const rows = await ask()
      if (isSettlement(query)) throw new Error('Connection terminated unexpectedly')
      return rows
    })
    const payment = await told.payment(id)
    assert.equal(payment.provider_outcome, 'accepted')
    assert.equal(payment.needs_attention, null)
    const { body } = await told.call('GET', `/v1/payments/${id}/evidence`)
    assert.equal(body.data.length, 1)
  })
})
