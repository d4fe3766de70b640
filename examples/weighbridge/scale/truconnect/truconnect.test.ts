import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createNetServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import type { Scale, Weight } from '../scale.ts'
import { tcp } from '../transports/tcp.ts'
import { displays, openDisplay } from './display.ts'
import { openTruConnect } from './open.ts'
import { openOutbox } from './outbox.ts'
import { emptySession, react } from './session.ts'
import type { Message } from './session.ts'

const at = '2026-11-25T08:00:00.000Z'
const timeout = 10_000
const known = { isStable: true, fault: null, line: 'connected', trouble: null, at } as const
const standing: Weight = { ...known, kg: 22_000, decksKg: [8000, 14_000] }
const lost: Weight = { ...known, kg: null, decksKg: [], isStable: false, line: 'lost', trouble: 'The line was closed.' }

/** A scale that shows what it is told to. */
function shownScale() {
  let weight = standing
  const listeners = new Set<(weight: Weight) => void>()
  const listen: Scale['listen'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const scale: Scale = { name: 'a scale', now: () => weight, listen, zero() {}, close() {} }
  const show = (next: Weight) => {
    weight = next
    listeners.forEach((listener) => listener(next))
  }
  return { scale, show }
}

test('each of TruConnect’s names does what it does there', () => {
  let session = emptySession()
  const table: [event: string, data: Message['data'], answer: string, part?: Message['data']][] = [
    ['register', { stationCode: 'MRK', bound: 'A' }, 'register-ack', { success: true, stationCode: 'MRK' }],
    ['query-weight', {}, 'weights', { deck1: 8000, deck2: 14_000, deck3: 0, gvw: 22_000, stable: true }],
    ['plate', {}, 'error'],
    ['plate', { plateNumber: 'KBA123X' }, 'plate-ack', { plateNumber: 'KBA123X' }],
    ['axle-captured', { axleNumber: 1, weight: 8000 }, 'axle-captured-ack', { capturedAxles: 1, gvw: 8000 }],
    ['axle-captured', { axleNumber: 2, weight: 13_000 }, 'axle-captured-ack', { capturedAxles: 2, gvw: 21_000 }],
    ['axle-captured', { axleNumber: 2, weight: 14_000 }, 'axle-captured-ack', { capturedAxles: 2, gvw: 22_000 }],
    ['axle-captured', { axleNumber: 'first' }, 'error'],
    ['weights-captured', {}, 'weights-captured-ack', { success: true }],
    ['transaction-sync', { transactionId: 't' }, 'transaction-sync-ack', { transactionId: 't' }],
    ['vehicle-complete', {}, 'vehicle-complete-ack', { gvw: 22_000 }],
    ['reset-session', {}, 'session-reset-ack'],
    ['dance', {}, 'error'],
  ]
  for (const [event, data, answered, part = {}] of table) {
    const { answer, complete, ...then } = react({ event, data }, session, standing)
    session = then.session
    assert.equal(answer.event, answered, event)
    assert.partialDeepStrictEqual(answer.data, part, event)
    assert.equal(Boolean(complete), event === 'vehicle-complete')
    if (complete) assert.deepEqual([complete.vehicleRegNumber, complete.gvw], ['KBA123X', 22_000])
  }
  assert.deepEqual(session, emptySession())
})

test(
  'who registers hears each weight by WebSocket, and REST tells it; of a lost scale neither tells any',
  { timeout },
  async () => {
    const { scale, show } = shownScale()
    const bridge = await openTruConnect({ scale, now: () => new Date(at), ports: { socket: 0, rest: 0 } })
    const socket = new WebSocket(`ws://127.0.0.1:${bridge.socketPort}`)
    const next = async () => JSON.parse(String((await once(socket, 'message'))[0])) as { event: string; data: any }
    const rest = async (path: string, init?: RequestInit) => {
      const response = await fetch(`http://127.0.0.1:${bridge.restPort}/api/v1/${path}`, init)
      return { status: response.status, ...((await response.json()) as any) }
    }
    try {
      assert.equal((await next()).event, 'connected')
      socket.send('no JSON')
      assert.equal((await next()).event, 'error')
      const registered = next()
      socket.send('{"event":"query-weight"}')
      assert.equal((await registered).data.gvw, 22_000)
      const first = next()
      socket.send('{"event":"register","data":{}}')
      assert.equal((await first).event, 'register-ack')
      const told = once(socket, 'message')
      show(lost)
      await told

      assert.equal((await rest('gvw')).status, 503)
      show(standing)
      assert.equal((await rest('weights')).data.decks[1].weight, 14_000)
      assert.equal((await rest('gvw')).data.gvw, 22_000)
      assert.equal((await rest('status')).data.line, 'connected')
      assert.equal((await rest('capture', { method: 'POST' })).data.weight, 22_000)
      assert.equal((await rest('plate', { method: 'POST', body: '{"plateNumber":"KBA123X"}' })).data.accepted, true)
      assert.equal((await rest('plate', { method: 'POST', body: '{}' })).status, 400)
    } finally {
      socket.terminate()
      bridge.close()
    }
  },
)

test(
  'a weighing reaches the cloud though it is away at first, under one id; what is refused waits for a person',
  { timeout },
  async () => {
    const received: any[] = []
    let status = 503
    const cloud = createServer((request, response) => {
      request.on('data', (bytes: Buffer) => received.push(JSON.parse(bytes.toString())))
      request.on('end', () => response.writeHead(status).end())
    }).listen(0, '127.0.0.1')
    await once(cloud, 'listening')
    let now = new Date(at)
    const url = `http://127.0.0.1:${(cloud.address() as AddressInfo).port}/weighings`
    const outbox = openOutbox({ path: ':memory:', url, now: () => now })
    try {
      outbox.put({ gvw: 22_000 })
      for (const _ of [1, 2]) await outbox.sendDue()
      assert.equal(received.length, 1, 'what failed waits')
      status = 200
      now = new Date(now.getTime() + 5000)
      for (const _ of [1, 2]) await outbox.sendDue()
      assert.equal(received.length, 2)
      assert.deepEqual(received[0], received[1])
      assert.match(received[0].clientLocalId, /^[0-9a-f-]{36}$/)
      status = 422
      outbox.put({})
      await outbox.sendDue()
      assert.deepEqual({ ...outbox.count() }, { waiting: 0, refused: 1 })
    } finally {
      outbox.close()
      cloud.close()
      cloud.closeAllConnections()
    }
  },
)

test('remote displays are told the weight in both of their ways, and none that nobody knows', { timeout }, async () => {
  assert.deepEqual([displays.reversed(5200), displays.avery(200)], ['$=00250000=', 'W00000200'])
  const { scale, show } = shownScale()
  const server = createNetServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const display = openDisplay(scale, tcp({ host: '127.0.0.1', port }), 'avery')
  const [socket] = (await once(server, 'connection')) as [Socket]
  let shown = ''
  socket.on('data', (bytes: Buffer) => (shown += bytes.toString()))
  while (!shown.includes('W00022000')) {
    show(lost)
    show(standing)
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.match(shown, /^(W00022000)+$/)
  display.close()
  server.close()
})
