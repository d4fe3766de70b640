import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { isIP } from 'node:net'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openNameServer } from '../../testing/name-server.ts'
import { isPublicAddress } from '../public-address.ts'
import { createJudge } from './address.ts'
import type { Reach } from './address.ts'
import { createGuard } from './fetch.ts'
import { createNames } from './names.ts'
import type { Names } from './names.ts'

const merchant_id = '00000000-0000-7000-8000-000000000001'
const message = { merchant_id, reach: 'public' as Reach, headers: { 'Content-Type': 'text/plain' }, body: 'hello' }

/** A name that leads to these addresses. */
function leadingTo(...addresses: string[]): Names {
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  return { find: () => Promise.resolve({ kind: 'found', addresses: found, ttlMs: 0 }) }
}

const { guardedFetch } = createGuard({ names: createNames() })

async function listen(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

for (const address of ['8.8.8.8', '196.201.214.200', '1.1.1.1', '2606:4700::6810:84e5', '2a00:1450:4019::1']) {
  test(`${address} is a public address`, () => assert.equal(isPublicAddress(address), true))
}

const refused = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.8.8.8',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:8.8.8.8',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::8.8.8.8',
  '64:ff9b::8.8.8.8',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:a00:1::1',
  '2002:808:808::1',
  '3fff::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  'not an address',
  '',
]
for (const address of refused) {
  test(`"${address}" is not a public address`, () => assert.equal(isPublicAddress(address), false))
}

test('only the plain forms of loopback count as the machine itself', () => {
  const judge = createJudge([])
  const isReached = (address: string) => judge(address, 'public_or_itself')
  assert.ok(['127.0.0.1', '127.9.9.9', '::1'].every(isReached))
  assert.ok(!['::ffff:127.0.0.1', '::FFFF:7f00:1', '10.0.0.1', '0.0.0.0', '::', 'localhost'].some(isReached))
})

const disguises = [
  '127.0.0.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '127.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '0',
  '169.254.169.254',
  '[64:ff9b::a9fe:a9fe]',
]
for (const host of disguises) {
  test(`nothing is sent to http://${host}/`, async () => {
    const answer = await guardedFetch(`http://${host}/`, message)
    assert.equal(answer.kind, 'failed')
    assert.match(answer.reason, /is not a public address/)
  })
}

test('a name that leads to a private address is refused', async () => {
  const { guardedFetch } = createGuard({ names: leadingTo('10.1.2.3') })
  const answer = await guardedFetch('http://shop.example/', message)
  assert.deepEqual(answer, { kind: 'failed', reason: 'shop.example is not a public address.' })
})

test('a name is resolved once, and the connection goes to the address that was judged', async (t) => {
  const url = await listen(t, (request, response) => response.end(request.headers.host))
  const { port } = new URL(url)
  const asked: string[] = []
  const names: Names = {
    find(hostname, question) {
      asked.push(hostname)
      return leadingTo('10.9.9.9', '127.0.0.1').find(hostname, question)
    },
  }
  const { guardedFetch } = createGuard({ names })
  const answer = await guardedFetch(`http://shop.example:${port}/`, { ...message, reach: 'public_or_itself' })
  assert.equal(answer.kind === 'answered' && answer.body, `shop.example:${port}`)
  assert.deepEqual(asked, ['shop.example'])
})

test('a connection to the machine itself is not lent to a request that may not have one', async (t) => {
  const { port } = new URL(await listen(t, (_, response) => response.end('ok')))
  const { guardedFetch } = createGuard({ names: leadingTo('127.0.0.1') })
  const url = `http://shop.example:${port}/`
  assert.equal((await guardedFetch(url, { ...message, reach: 'public_or_itself' })).kind, 'answered')
  assert.equal((await guardedFetch(url, message)).kind, 'failed')
})

test('what is posted arrives as it is, and the answer comes back', async (t) => {
  const url = await listen(t, (request, response) => {
    request.on('data', (chunk) => {
      response
        .writeHead(201, { 'Retry-After': '7' })
        .end(`${request.method} ${request.url} ${request.headers['content-type']} ${chunk}`)
    })
  })
  const answer = await guardedFetch(`${url}/hook?x=1`, { ...message, reach: 'public_or_itself' })
  assert.ok(answer.kind === 'answered')
  assert.equal(answer.status, 201)
  assert.equal(answer.headers['retry-after'], '7')
  assert.equal(answer.body, 'POST /hook?x=1 text/plain hello')
})

test('a redirect is an answer, and is not followed', async (t) => {
  let calls = 0
  const url = await listen(t, (_, response) => {
    calls++
    response.writeHead(307, { Location: '/elsewhere' }).end()
  })
  const answer = await guardedFetch(url, { ...message, reach: 'public_or_itself' })
  assert.equal(answer.kind === 'answered' && answer.status, 307)
  assert.equal(calls, 1)
})

test('who does not answer in time has not answered', async (t) => {
  const url = await listen(t, () => {})
  const answer = await guardedFetch(url, { ...message, reach: 'public_or_itself', timeoutMs: 50 })
  assert.deepEqual(answer, { kind: 'failed', reason: 'No answer within 0.05 seconds.' })
})

test('a status in time counts, also when the body never ends', async (t) => {
  const url = await listen(t, (_, response) => response.write('begun'))
  const answer = await guardedFetch(url, { ...message, reach: 'public_or_itself', timeoutMs: 100 })
  assert.equal(answer.kind === 'answered' && answer.status, 200)
})

test('an answer is cut at 64 KB', async (t) => {
  const url = await listen(t, (_, response) => response.end('x'.repeat(10_000_000)))
  const answer = await guardedFetch(url, { ...message, reach: 'public_or_itself' })
  assert.equal(answer.kind === 'answered' && answer.body.length, 65_536)
})

test('a kept connection that the other side has closed is replaced by a new one', async (t) => {
  let calls = 0
  const url = await listen(t, (request, response) => {
    calls++
    if (calls === 2) request.socket.resetAndDestroy()
    else response.end('ok')
  })
  const { guardedFetch } = createGuard({ names: createNames() })
  for (const _ of [1, 2]) {
    assert.equal((await guardedFetch(url, { ...message, reach: 'public_or_itself' })).kind, 'answered')
  }
  assert.equal(calls, 3)
})

test('a connection that fails is told in plain words', async (t) => {
  const url = await listen(t, (request) => request.socket.destroy())
  const cut = await guardedFetch(url, { ...message, reach: 'public_or_itself' })
  assert.deepEqual(cut, { kind: 'failed', reason: 'The connection was cut before an answer came.' })
  const refusedThere = await guardedFetch('http://127.0.0.1:9/', { ...message, reach: 'public_or_itself' })
  assert.deepEqual(refusedThere, { kind: 'failed', reason: 'The connection was refused: nothing listens there.' })
})

test('an address can be judged before anything is sent to it', async () => {
  const gone: Names = { find: () => Promise.resolve({ kind: 'not_found', reason: 'The host name does not exist.' }) }
  const judge = (url: string, reach: Reach, names = leadingTo('192.168.0.9')) =>
    createGuard({ names }).refusalOf(new URL(url), { merchant_id, reach })
  assert.equal(await judge('https://127.0.0.1/', 'public'), '127.0.0.1 is not a public address.')
  assert.equal(await judge('https://127.0.0.1/', 'public_or_itself'), undefined)
  assert.equal(await judge('https://8.8.8.8/', 'public'), undefined)
  assert.equal(await judge('https://printer.example/', 'public_or_itself'), 'printer.example is not a public address.')
  assert.equal(await judge('https://later.example/', 'public', gone), undefined)
})

test('private addresses are reached in the networks that are allowed, and nowhere else', () => {
  const judge = createJudge(['10.0.0.0/8', '100.64.0.0/10', 'fd00::/8'])
  const allowed = ['10.1.2.3', '100.64.0.1', 'fd12::1']
  const never = ['192.168.0.1', '127.0.0.1', '169.254.169.254', '100.100.100.200', 'fd00:ec2::254', '::ffff:10.1.2.3']
  for (const address of allowed) {
    assert.ok(judge(address, 'public') && judge(address, 'public_or_itself') && judge(address, 'allowed_networks'))
  }
  for (const address of never) assert.ok(!judge(address, 'public') && !judge(address, 'allowed_networks'), address)
  assert.deepEqual([judge('8.8.8.8', 'public'), judge('8.8.8.8', 'allowed_networks')], [true, false])
})

test('a name that was public is refused as soon as it leads inside', async (t) => {
  let calls = 0
  const inside = await listen(t, (_, response) => response.end(String(++calls)))
  const nameServer = await openNameServer()
  t.after(() => nameServer.close())
  const { guardedFetch, refusalOf } = createGuard({ names: createNames({ servers: [nameServer.address] }) })
  nameServer.says('shop.example', { addresses: ['41.90.0.7'] }, { addresses: ['127.0.0.1'] })
  const url = `http://shop.example:${new URL(inside).port}/`
  assert.equal(await refusalOf(new URL(url), { merchant_id, reach: 'public' }), undefined)
  const answer = await guardedFetch(url, message)
  assert.deepEqual(answer, { kind: 'failed', reason: 'shop.example is not a public address.' })
  assert.equal(calls, 0)
  assert.equal(nameServer.asked.length, 2, 'Between its judgement and the connection a name is not asked for again.')
})

test('of several addresses of a name only those within reach are tried', async (t) => {
  let calls = 0
  const inside = await listen(t, (_, response) => response.end(String(++calls)))
  const nameServer = await openNameServer()
  t.after(() => nameServer.close())
  const { guardedFetch } = createGuard({ names: createNames({ servers: [nameServer.address] }) })
  nameServer.says('shop.example', { addresses: ['127.0.0.1', '10.0.0.1', '::1', '192.0.2.1'] })
  const url = `http://shop.example:${new URL(inside).port}/`
  assert.equal((await guardedFetch(url, message)).kind, 'failed')
  assert.equal(calls, 0)
  const answer = await guardedFetch(url, { ...message, reach: 'public_or_itself' })
  assert.equal(answer.kind === 'answered' && answer.body, '1')
})

test('a redirect to the machine itself is not followed either', async (t) => {
  let calls = 0
  const inside = await listen(t, (_, response) => response.end(String(++calls)))
  const url = await listen(t, (_, response) => response.writeHead(302, { Location: inside }).end())
  const answer = await guardedFetch(url, { ...message, reach: 'public_or_itself' })
  assert.equal(answer.kind === 'answered' && answer.status, 302)
  assert.equal(calls, 0)
})
