import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectTo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { systemClock } from './clock.ts'
import { readSettings } from './read-settings.ts'
import { connect } from './database/connect.ts'
import { sql } from './database/sql.ts'
import { newId } from './id.ts'
import { createLog } from './log.ts'
import { newSecretKey } from './secret.ts'
import { startNode } from './serve.ts'
import type { Node } from './serve.ts'

test('a node that is stopped moves what its spool holds into the database before it ends', async () => {
  const home = mkdtempSync(join(tmpdir(), 'lango-serve-'))
  const own = await createTestDatabase()
  const database = connect(own.url, { connections: 1 })
  try {
    const settings = readSettings({ LANGO_HOME: home, PORT: '0', LOG_LEVEL: 'silent' }, {})
    const simulatorUrl = 'http://localhost:1'
    const node = await startNode({ settings, databaseUrl: own.url, secretKey: newSecretKey(), simulatorUrl })
    const now = systemClock.now()
    const id = newId(now)
    const stopped = node.stop()
    // The sweeps take nothing more; a request that is still in hand keeps one more callback.
    await node.context.spool!.keep({
      id,
      merchant_id: newId(now),
      kind: 'payment',
      subject_id: newId(now),
      received_at: now,
      path: '/v1/in/…',
      source_address: '127.0.0.1',
      headers: {},
      body: Buffer.from('{}'),
    })
    await stopped
    const kept = await database.maybe(sql`select from callbacks where id = ${id} and settle_at is not null`)
    assert.ok(kept, 'it is in the database, and due')
    assert.equal((await node.context.spool!.state()).count, 0)
  } finally {
    await database.end()
    await own.drop()
    rmSync(home, { recursive: true })
  }
})

test('a caller who goes away in the middle of a body is no error of the database, and none of ours', async () => {
  const home = mkdtempSync(join(tmpdir(), 'lango-serve-'))
  const own = await createTestDatabase()
  const lines: string[] = []
  try {
    const settings = readSettings({ LANGO_HOME: home, PORT: '0', LOG_LEVEL: 'silent' }, {})
    const simulatorUrl = 'http://localhost:1'
    const node = await startNode({ settings, databaseUrl: own.url, secretKey: newSecretKey(), simulatorUrl })
    node.context.log = createLog('info', { write: (line) => void lines.push(line) })
    const { port } = new URL(node.url)
    for (const path of ['/v1/in/00', '/v1/webhooks/mpesa', '/pay/pay_0193a6c177b27d0e8f21c4d5e6f70812']) {
      const socket = connectTo(Number(port), '127.0.0.1')
      const heading = [`POST ${path} HTTP/1.1`, 'Host: lango', 'Content-Type: application/json', 'Content-Length: 900']
      await once(socket, 'connect')
      // The server says 100 when it has read the head, and waits for the body.
      socket.write(`${[...heading, 'Expect: 100-continue'].join('\r\n')}\r\n\r\n{"half":`)
      await once(socket, 'data')
      socket.destroy()
      await once(socket, 'close')
    }
    await node.stop()
    assert.deepEqual(lines, [])
  } finally {
    await own.drop()
    rmSync(home, { recursive: true })
  }
})

/** A node of its own that is given to `plot`, and stopped in any case. */
async function running(given: Record<string, string>, plot: (node: Node) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'lango-serve-'))
  const own = await createTestDatabase()
  const settings = readSettings({ LANGO_HOME: home, PORT: '0', LOG_LEVEL: 'silent', ...given }, {})
  const simulatorUrl = 'http://localhost:1'
  const node = await startNode({ settings, databaseUrl: own.url, secretKey: newSecretKey(), simulatorUrl })
  try {
    await plot(node)
  } finally {
    await node.stop()
    await own.drop()
    rmSync(home, { recursive: true })
  }
}

type Answered = { status: number; connection: string; body: { status: string } }

async function ask(url: string, agent: Agent): Promise<Answered> {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
  const body = JSON.parse(Buffer.concat(await response.toArray()).toString()) as Answered['body']
  return { status: response.statusCode!, connection: response.headers.connection!, body }
}

test('a node that goes tells the proxy so for a while, and meanwhile answers whoever still comes, for the last time', () =>
  running({ DRAIN_SECONDS: '1' }, async ({ url, stop }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const before = await ask(`${url}/healthz`, agent)
    assert.deepEqual([before.status, before.connection, before.body.status], [200, 'keep-alive', 'ok'])
    const beganAt = performance.now()
    const stopped = stop()
    for (const path of ['/healthz', '/readyz']) {
      const { status, connection, body } = await ask(url + path, agent)
      assert.deepEqual([status, connection, body.status], [503, 'close', 'stopping'], path)
    }
    // It is answered as ever, which here is that there is no such token.
    const callback = await fetch(`${url}/v1/in/00`, { method: 'POST', body: '{}' })
    assert.deepEqual([callback.status, callback.headers.get('connection')], [400, 'close'])
    await stopped
    const tookMs = performance.now() - beganAt
    assert.ok(tookMs > 900 && tookMs < 3_000, `it took ${tookMs} ms`)
    await assert.rejects(() => ask(`${url}/healthz`, agent), { code: 'ECONNREFUSED' })
  }))

test('a node does not wait for those who keep a connection and say nothing', () =>
  running({}, async ({ url, context, stop }) => {
    const agent = new Agent({ keepAlive: true })
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>()
    const { promise: mayAnswer, resolve: answerNow } = Promise.withResolvers<void>()
    const { database } = context
    context.database = {
      ...database,
      query: async (query) => {
        asked()
        await mayAnswer
        return database.query(query)
      },
    }
    const late = ask(`${url}/readyz`, agent)
    await isAsked
    const beganAt = performance.now()
    const stopped = stop()
    answerNow()
    assert.equal((await late).connection, 'close')
    await stopped
    assert.ok(performance.now() - beganAt < 2_000)
  }))
