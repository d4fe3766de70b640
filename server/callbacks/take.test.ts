import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { test } from 'node:test'
import { addressOf } from '../../testing/address-of.ts'
import { sendBytes } from '../../testing/fuzz/send.ts'
import { listening } from '../../testing/listening.ts'
import { stkCallback } from '../../testing/stk-callback.ts'
import { publicUrl, story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createHttpServer } from '../api/http-server.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { createNode } from '../node.ts'

type Posted = { path: string; body: string; headers?: Record<string, string> }
type Way = (posted: Posted) => Promise<Response>

const methodAnd = (headers: object = {}) => ({ method: 'POST', headers: { 'User-Agent': 'Daraja', ...headers } })

/** The short way, by a port of this machine, and the long one, which every other request goes. */
async function bothWays({ clock }: Story, context: Context, plot: (short: Way, long: Way) => Promise<void>) {
  const { app, takerOf } = createNode(context)
  const taken: string[] = []
  const server = createHttpServer(
    { clock, publicUrl: () => publicUrl },
    (request, env) => app.fetch(request, env),
    (path) => takerOf((taken.push(path), path)),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const peer = { incoming: { socket: { remoteAddress: '127.0.0.1' } } }
  try {
    await plot(
      async ({ path, body, headers }) => {
        assert.ok(takerOf(path), path)
        const answer = await fetch(base + path, { ...methodAnd(headers), body })
        assert.equal(taken.pop(), path, 'It did not go the short way.')
        return answer
      },
      async ({ path, body, headers }) => app.request(path, { ...methodAnd(headers), body }, peer),
    )
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** An answer without what differs each time, and without what belongs to its connection. */
async function shown(answer: Response) {
  const own = /^(date|connection|keep-alive|content-length|x-request-id)$/
  const id = answer.headers.get('x-request-id') ?? ''
  assert.match(id, /^req_[0-9a-f]{32}$/)
  const headers = [...answer.headers].filter(([name]) => !own.test(name))
  return { status: answer.status, headers, body: (await answer.text()).replace(id, '') }
}

test('what is posted to an address that we hand out is answered and kept the same by the short way and by the long one', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay()
    const path = addressOf(told, 'payment', id)
    const forged = path.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
    const body = JSON.stringify(stkCallback(provider_ref))
    const headers = {
      'Content-Type': 'text/plain',
      'X-Forwarded-For': '1.2.3.4, 196.201.214.200',
      'X-Mpesa-Signature': '00',
      'X-Other': 'x',
    }
    const posts: Posted[] = [
      { path, body, headers },
      { path, body: `\ufeff${body}` },
      { path, body: 'no callback' },
      { path: `${path}/timeout`, body },
      { path: addressOf(told, 'c2b', id), body: '{}' },
      { path: forged, body, headers },
      { path: `${forged}/confirmation`, body: '{}' },
      { path: '/v1/in/abcdef', body: '{' },
    ]
    const context = { ...told.context, config: { ...told.context.config, trustedProxies: ['127.0.0.1'] } }
    await bothWays(told, context, async (short, long) => {
      for (const posted of posts)
        assert.deepEqual(await shown(await short(posted)), await shown(await long(posted)), posted.path)
    })
    assert.equal((await told.payment(id)).status, 'completed')
    for (const kept of [
      sql`select kind, subject_id, path, source_address, headers, body, problem from callbacks order by id`,
      sql`select path, source_address, headers, body, receipt from strays order by id`,
    ]) {
      const rows = await context.database.query<object>(kept)
      assert.ok(rows.length >= 6)
      for (let at = 0; at < rows.length; at += 2) assert.deepEqual(rows[at], rows[at + 1])
    }
  }))

test('what fails on our side is told the same by both ways, and a database that is away too', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay()
    const posted = { path: addressOf(told, 'payment', id), body: JSON.stringify(stkCallback(provider_ref)) }
    const away = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
    for (const [error, status] of [
      [new Error('a bug'), 500],
      [away, 503],
    ] as const) {
      const fail = () => Promise.reject(error)
      const database = { ...told.context.database, query: fail, one: fail, maybe: fail, transaction: fail }
      const context = { ...told.context, database, gather: fail, spool: undefined }
      await bothWays(told, context, async (short, long) => {
        const answer = await shown(await short(posted))
        assert.equal(answer.status, status)
        assert.deepEqual(answer, await shown(await long(posted)))
      })
    }
    assert.equal((await told.payment(id)).status, 'pending')
  }))

test('a post that needs more than the short way is answered all the same', () =>
  listening(async (url, told) => {
    const { id, provider_ref } = await told.pay()
    const path = addressOf(told, 'payment', id)
    const body = JSON.stringify(stkCallback(provider_ref))
    const asked = (method: string, address: string, headers: string[], said = '') =>
      sendBytes(
        url,
        [`${method} ${address} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, '', said].join('\r\n'),
      )
    const stated = [`Content-Length: ${body.length}`]
    assert.match(await asked('GET', path, []), /^HTTP\/1\.1 405 .*\r\nallow: POST\r\n/is)
    assert.match(await asked('HEAD', path, []), /^HTTP\/1\.1 405 /)
    assert.match(await asked('POST', path, ['Content-Length: 1048577'], 'x'), /^HTTP\/1\.1 413 .*"body_too_large"/s)
    // All else under /v1 is asked with a key.
    assert.match(await asked('POST', `${path}/elsewhere`, stated, body), /^HTTP\/1\.1 401 /)
    assert.match(await asked('POST', path, []), /^HTTP\/1\.1 400 .*"This is not a callback of M-Pesa\."/s)
    assert.match(await asked('POST', `${path}?a=b`, stated, body), /^HTTP\/1\.1 200 .*"Accepted"/s)
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
    assert.match(await asked('POST', path, ['Transfer-Encoding: chunked'], chunked), /^HTTP\/1\.1 200 .*"Accepted"/s)
    assert.equal((await told.payment(id)).status, 'completed')
  }))

test('whoever breaks off amid a callback is not heard, and disturbs nobody', () =>
  listening(async (url, told) => {
    const { id, provider_ref } = await told.pay()
    const path = addressOf(told, 'payment', id)
    const body = JSON.stringify(stkCallback(provider_ref))
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`)
    await new Promise((resolve) => setImmediate(resolve))
    socket.resetAndDestroy()
    const { count } = await told.context.database.one<{ count: number }>(sql`select count(*) from callbacks`)
    assert.equal(count, 0)
    const answer = await fetch(url + path, { method: 'POST', body })
    assert.deepEqual(await answer.json(), { ResultCode: 0, ResultDesc: 'Accepted' })
    assert.equal((await told.payment(id)).status, 'completed')
  }))

test('a slash at the end of an address for callbacks is no part of it', () =>
  story({}, async (told) => {
    for (const [index, before] of ['', '/v1/webhooks/mpesa', '/v1/webhooks/mpesa/b2b/result'].entries()) {
      const { id, provider_ref } = await told.pay({ phone: `071234567${index}` })
      const path = addressOf(told, 'payment', id)
      const token = path.slice(path.lastIndexOf('/'))
      await told.post(`${before ? before + token : path}/`, stkCallback(provider_ref, { receipt: `UKK7X2M4Q${index}` }))
      assert.equal((await told.payment(id)).status, 'completed', before)
    }
    const kept = await told.post('/v1/webhooks/mpesa/', stkCallback('ws_CO_1'))
    assert.equal(kept.status, 200)
  }))
