import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import type { TestContext } from 'node:test'
import { exchange } from './exchange.ts'
import type { Reply } from './exchange.ts'

// What the platform's own fetch throws is told apart by its codes, so these tests use real sockets.

async function serve(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

// An answer is awaited for as long as a busy machine may need, but where it never comes.
function ask(baseUrl: string, timeoutMs = 30_000): Promise<Reply> {
  const gateway = { baseUrl, userAgent: 'test', fetch: (url: string, init: RequestInit) => fetch(url, init) }
  return exchange(gateway, { method: 'POST', path: '/', headers: {}, body: '{}', timeoutMs })
}

const describe = (reply: Reply) =>
  reply.kind === 'answer' ? reply.status : reply.kind === 'refused' ? reply.code : reply.cause

test('an answer is kept as it came', async (t) => {
  const host = await serve(t, (_request, response) => response.writeHead(500).end('{"error":"x"}\n'))
  const reply = await ask(`http://${host}`)
  assert.deepEqual(reply, { kind: 'answer', status: 500, raw: '{"error":"x"}\n', json: { error: 'x' } })
})

test('a port at which nobody listens was sent nothing', async (t) => {
  let host = ''
  await t.test('while the server closes', async (inner) => {
    host = await serve(inner, (_request, response) => response.end())
  })
  assert.equal(describe(await ask(`http://${host}`)), 'not_sent')
})

test('a server that does not speak TLS was sent nothing', async (t) => {
  const host = await serve(t, (_request, response) => response.end())
  assert.equal(describe(await ask(`https://${host}`)), 'not_sent')
})

test('a connection that is cut after the request is not known to have sent nothing', async (t) => {
  const host = await serve(t, (request) => request.socket.destroy())
  assert.equal(describe(await ask(`http://${host}`)), 'connection_lost')
})

test('a body that breaks off is no answer', async (t) => {
  const host = await serve(t, (request, response) => {
    response.writeHead(200, { 'Content-Length': '100' }).write('{"invoice_number":"X"')
    setTimeout(() => request.socket.destroy(), 20)
  })
  assert.equal(describe(await ask(`http://${host}`)), 'connection_lost')
})

test('a server that takes its time, before or within the body, times out', async (t) => {
  const silent = await serve(t, () => undefined)
  assert.equal(describe(await ask(`http://${silent}`, 200)), 'timeout')
  const slow = await serve(t, (_request, response) => response.writeHead(200).write('{'))
  assert.equal(describe(await ask(`http://${slow}`, 200)), 'timeout')
})

test('a redirect is not followed', async (t) => {
  const host = await serve(t, (_request, response) => response.writeHead(302, { Location: '/elsewhere' }).end())
  assert.equal(describe(await ask(`http://${host}`)), 302)
})
