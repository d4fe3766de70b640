import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectTo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTestDatabase } from '../testing/database.ts'
import { systemClock } from './clock.ts'
import { readSettings } from './config.ts'
import { connect, sql } from './database/sql.ts'
import { newId } from './id.ts'
import { createLog } from './log.ts'
import { newSecretKey } from './secret.ts'
import { startNode } from './serve.ts'

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
