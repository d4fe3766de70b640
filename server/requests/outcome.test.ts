import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'

type Fault = (query: Sql, ask: () => Promise<unknown[]>) => Promise<unknown[]>

/** A database with a switch: what happens to a statement is up to the test. */
function faultyDatabase() {
  let fault: Fault = (_, ask) => ask()
  return {
    fail: (next: Fault) => void (fault = next),
    wrap: {
      database: (database: Context['database']): Context['database'] => ({
        ...database,
        maybe: (query: Sql) => fault(query, async () => [await database.maybe(query)]).then(([row]) => row) as never,
        query: (query: Sql) => fault(query, () => database.query(query)) as never,
      }),
    },
  }
}

const away = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
const isSettlement = ({ strings }: Sql) => strings.join('').includes('update payments p set (')
const isLookAtEvidence = ({ strings }: Sql) => strings.join('').startsWith('select from evidence where merchant_id')
const isLookAtAccounts = ({ strings }: Sql) => strings.join('').includes('from provider_accounts where id = any')

/** The shop asks for a payment and is answered 503; then the database is back, and the node tries again. */
async function payInOutage({ call, context }: Story, fail: (fault: Fault) => void, outage: Fault): Promise<string> {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    fail(outage)
    const { status } = await call('POST', '/v1/payments', { amount: 100, phone: '0712345678' })
    assert.equal(status, 503)
    let triedAgain = false
    fail((query, ask) => {
      triedAgain ||= isLookAtEvidence(query)
      return ask()
    })
    const { id } = await context.database.one<{ id: string }>(sql`select id from payments`)
    const isKept = async () => triedAgain && (await context.database.query(evidenceOf(id))).length > 0
    for (let turn = 0; turn < 100 && !(await isKept()); turn++) mock.timers.tick(1_000)
    return `pay_${id.replaceAll('-', '')}`
  } finally {
    mock.timers.reset()
  }
}

const evidenceOf = (id: string) => sql`select from evidence where subject_id = ${id}`

test('the ids that M-Pesa answered are kept, although the database was away when they came', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap }, async (told) => {
    const id = await payInOutage(told, fail, (query, ask) => (isSettlement(query) ? away() : ask()))
    const { status, provider_outcome, provider_ref } = await told.payment(id)
    assert.deepEqual({ status, provider_outcome }, { status: 'pending', provider_outcome: 'accepted' })
    assert.match(provider_ref, /^ws_CO_/)
  })
})

test('a request that was never sent, because the database was away, fails as soon as it is back', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap }, async (told) => {
    const isOfToken = (query: Sql) => isSettlement(query) || isLookAtAccounts(query)
    const id = await payInOutage(told, fail, (query, ask) => (isOfToken(query) ? away() : ask()))
    const { status, failure } = await told.payment(id)
    assert.equal(status, 'failed')
    assert.equal(failure?.code, 'refused')
    assert.equal(told.simulator.asked('stkpush').length, 0)
  })
})

test('an outcome whose commit went through unseen is not kept twice', () => {
  const { fail, wrap } = faultyDatabase()
  return story({ wrap }, async (told) => {
    const id = await payInOutage(told, fail, async (query, ask) => {
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
