import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Context } from '../context.ts'
import { startMortalNode } from '../../testing/mortal-node.ts'
import type { MortalNode } from '../../testing/mortal-node.ts'
import { story } from '../../testing/story.ts'
import { newId } from '../id.ts'
import { sharedToken } from './access-token.ts'
import { defaultAccount } from './named.ts'

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
      if (isOf(query, 'set access_token_minting_by =') && ++leases === 2) await kept.promise
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

type Heard = { refused: () => Promise<void>; extended: () => Promise<void> }

/** Hears what nodes do with the lease of a token. What is heard of `extended` may be lost on the way. */
function hearLease(isLost = false): Heard & { wrap: (database: Context['database']) => Context['database'] } {
  let [refused, extended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const isOf = (query: { strings: readonly string[] }, words: string) => query.strings.join('').includes(words)
  return {
    refused: () => (refused = Promise.withResolvers<void>()).promise,
    extended: () => (extended = Promise.withResolvers<void>()).promise,
    wrap: (database) => ({
      ...database,
      maybe: (async (query) => {
        const row = await database.maybe(query)
        if (!row && isOf(query, 'set access_token_minting_by =')) refused.resolve()
        return row
      }) as typeof database.maybe,
      query: (async (query) => {
        const isExtension = isOf(query, 'set access_token_minting_until =')
        if (isExtension && isLost) throw connectionRefused()
        const rows = await database.query(query)
        if (isExtension) extended.resolve()
        return rows
      }) as typeof database.query,
    }),
  }
}

const isOauth = (input: Parameters<typeof fetch>[0]) => String(input).includes('/oauth/')

function orderAt(node: MortalNode, key: string): Promise<Response> {
  const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
  const body = JSON.stringify({ amount: 1, phone: '254708374149', account_reference: 'A' })
  return node.fetch(new Request('http://lango.test/v1/payments', { method: 'POST', headers, body }))
}

test('a node that dies while it makes a token holds up the others for two seconds', () => {
  const { wrap, refused } = hearLease()
  return story({ wrap: { database: wrap } }, async (told) => {
    const node = startMortalNode({
      ...told.context,
      fetch: async (input, init) => {
        if (isOauth(input)) node.dieIn(1)
        return told.context.fetch(input, init)
      },
    })
    await assert.rejects(() => orderAt(node, told.merchant.key))
    const paid = told.pay({ phone: '254708374149', account_reference: 'B' })
    await refused()
    await told.clock.advance('1900 ms')
    await refused()
    assert.equal(told.simulator.asked('oauth').length, 1)
    await told.clock.advance('200 ms')
    await paid
    assert.equal(told.simulator.asked('oauth').length, 2)
  })
})

test('a node that lives makes its token in peace, however long that takes', () => {
  const { wrap, extended } = hearLease()
  const [asked, mayAnswer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  return story({ wrap: { database: wrap } }, async (told) => {
    const node = startMortalNode({
      ...told.context,
      fetch: async (input, init) => {
        const answer = await told.context.fetch(input, init)
        if (!isOauth(input)) return answer
        asked.resolve()
        await mayAnswer.promise
        return answer
      },
    })
    const orders = [orderAt(node, told.merchant.key)]
    await asked.promise
    orders.push(told.pay({ phone: '254708374149', account_reference: 'B' }))
    for (let second = 0; second < 3; second++) {
      await extended()
      await told.clock.advance('1 s')
    }
    mayAnswer.resolve()
    await Promise.all(orders)
    assert.equal(told.simulator.asked('oauth').length, 1)
  })
})

test('a node that was thought dead does not put its token in the place of the newer one, which ended it', () => {
  const { wrap } = hearLease(true)
  const [asked, mayAnswer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  return story({}, async (told) => {
    const node = startMortalNode({
      ...told.context,
      database: wrap(told.context.database),
      fetch: async (input, init) => {
        const answer = await told.context.fetch(input, init)
        if (!isOauth(input) || told.simulator.asked('oauth').length > 1) return answer
        asked.resolve()
        await mayAnswer.promise
        return answer
      },
    })
    const late = orderAt(node, told.merchant.key)
    await asked.promise
    await told.clock.advance('2100 ms')
    await told.pay({ phone: '254708374149', account_reference: 'B' })
    mayAnswer.resolve()
    assert.equal((await late).status, 201)
    await orderAt(startMortalNode({ ...told.context }), told.merchant.key)
    assert.equal(told.simulator.asked('oauth').length, 2)
  })
})

test('no token is waited for where the account is gone', { timeout: 20_000 }, () =>
  story({}, async ({ context, merchant }) => {
    const account = await defaultAccount(context, merchant.id, 'mpesa')
    const tokens = sharedToken(context, { ...account, id: newId(context.clock.now()) })
    await assert.rejects(
      Promise.resolve(tokens.mint(undefined, () => assert.fail('It asked for one.'))),
      /The account is not there any more/,
    )
  }),
)
