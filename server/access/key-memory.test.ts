import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import type { Context } from '../context.ts'
import { createContext } from '../create-context.ts'
import { createNode } from '../node.ts'

/** A key of the shop's, as the header that shows it. */
async function makeKey({ call }: Story): Promise<{ id: string; headers: Record<string, string> }> {
  const { body } = await call('POST', '/v1/api-keys', { name: 'shop', scopes: ['payments:read'] })
  return { id: body.data.id, headers: { 'X-API-Key': body.data.key } }
}

/** Another node on the same database, and how often it asks who a key belongs to. */
function openNode({ context }: Story) {
  let lookups = 0
  const query: Context['database']['query'] = (query) => {
    if (query.strings.join().includes('from api_keys')) lookups++
    return context.database.query(query)
  }
  const node = createNode(createContext({ ...context, database: { ...context.database, query } }))
  return {
    lookups: () => lookups,
    ask: async (headers: Record<string, string>) => (await node.app.request('/v1/payments', { headers })).status,
  }
}

test('a key that is revoked is refused at once at the node where that was done, and at another within five seconds', () =>
  story({}, async (told) => {
    const { id, headers } = await makeKey(told)
    const other = openNode(told)
    const ask = async () => (await told.call('GET', '/v1/payments', undefined, headers)).status
    assert.deepEqual([await ask(), await other.ask(headers)], [200, 200])

    assert.equal((await told.call('DELETE', `/v1/api-keys/${id}`)).status, 200)
    assert.equal(await ask(), 401)
    await told.clock.advance('5 seconds')
    assert.equal(await other.ask(headers), 401)
  }))

test('a key that is shown again within five seconds is not looked up again, and one that is none each time', () =>
  story({}, async (told) => {
    const { headers } = await makeKey(told)
    const node = openNode(told)
    for (let time = 0; time < 3; time++) assert.equal(await node.ask(headers), 200)
    assert.equal(node.lookups(), 1)
    await told.clock.advance('5 seconds')
    assert.equal(await node.ask(headers), 200)
    assert.equal(node.lookups(), 2)
    const wrong = { 'X-API-Key': `${headers['X-API-Key']}x` }
    for (let time = 0; time < 3; time++) assert.equal(await node.ask(wrong), 401)
    assert.equal(node.lookups(), 5)
  }))

test('a key that is revoked while it is looked up is refused from then on', () =>
  story({}, async (told) => {
    const { id, headers } = await makeKey(told)
    const { context } = told
    let revoke: (() => Promise<unknown>) | undefined = () => told.call('DELETE', `/v1/api-keys/${id}`)
    const query: Context['database']['query'] = async (query) => {
      const rows = await context.database.query(query)
      const now = query.strings.join().includes('from api_keys') ? revoke : undefined
      if (now) revoke = undefined
      await now?.()
      return rows as never
    }
    // What happens at the one node is told at the other: they are one.
    const signals = context.signals
    const node = createContext({ ...context, database: { ...context.database, query } })
    const { app } = createNode({ ...node, signals })
    assert.equal((await app.request('/v1/payments', { headers })).status, 200)
    assert.equal((await app.request('/v1/payments', { headers })).status, 401)
  }))
