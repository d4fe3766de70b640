import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Context } from '../context.ts'
import { story } from '../../testing/story.ts'

const connectionRefused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

/** A database that goes away when a new token is to be written down, for so many statements about it. */
const awayWhenKept = (statements: number) => (database: Context['database']) => {
  let left = statements
  return {
    ...database,
    query: ((query) => {
      const text = query.strings.join('')
      const isOfToken = text.includes('access_token =') || text.includes('access_token_minting_until = null')
      if (!isOfToken || left-- <= 0) return database.query(query)
      return Promise.reject(connectionRefused())
    }) as typeof database.query,
  }
}

test('a token that was made while the database went away is used at once, and kept when it is back', async () => {
  await story({ wrap: { database: awayWhenKept(2) } }, async (told) => {
    const first = await told.pay({ phone: '254708374149', account_reference: 'A' })
    const second = await told.pay({ phone: '254708374149', account_reference: 'B' })
    await told.advance('1 s')
    assert.equal((await told.payment(first.id)).status, 'completed')
    assert.equal((await told.payment(second.id)).status, 'completed')
    assert.equal(told.simulator.asked('oauth').length, 1)
  })
})

/** A database in which who asks second to mint a token waits until the first one's is kept. */
function slowToLease(database: Context['database']): Context['database'] {
  const kept = Promise.withResolvers<void>()
  let leases = 0
  const isOf = (query: { strings: readonly string[] }, words: string) => query.strings.join('').includes(words)
  return {
    ...database,
    maybe: (async (query) => {
      if (isOf(query, 'set access_token_minting_until =') && ++leases === 2) await kept.promise
      return database.maybe(query)
    }) as typeof database.maybe,
    query: ((query) => {
      const asked = database.query(query)
      return isOf(query, 'set access_token =') ? asked.finally(kept.resolve) : asked
    }) as typeof database.query,
  }
}

test('a token that was kept between looking for one and asking for one is used, for each new one may end the one before', () =>
  story({ wrap: { database: slowToLease } }, async (told) => {
    await Promise.all(['A', 'B'].map((account_reference) => told.pay({ phone: '254708374149', account_reference })))
    assert.equal(told.simulator.asked('oauth').length, 1)
  }))
