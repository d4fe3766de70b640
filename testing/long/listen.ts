import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import type { Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { verifyWebhook } from '../../client/index.ts'
import { freePort, installLango, until } from '../command.ts'
import type { Lango, Running } from '../command.ts'

let lango: Lango
let running: Running

before(async () => {
  lango = await installLango()
  running = await lango.started()
})

/** What a test that fails leaves open. */
const opened: { close(): unknown }[] = []

after(async () => {
  for (const each of opened) each.close()
  await lango.remove()
})

/** A shop under development: what it was told, and how it answers. */
type Shop = { url: string; told: string[]; answers: number[]; open(): Promise<void>; close(): Promise<void> }

async function openShop(): Promise<Shop> {
  const port = await freePort()
  let server: Server | undefined
  const shop: Shop = {
    url: `http://localhost:${port}/hook`,
    told: [],
    answers: [],
    async open() {
      server = createServer((request, response) => void take(shop, request, response)).listen(Number(port), 'localhost')
      await once(server, 'listening')
    },
    async close() {
      server?.closeAllConnections()
      server?.close()
    },
  }
  await shop.open()
  opened.push(shop)
  return shop
}

let secret = ''

async function take(shop: Shop, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray()).toString()
  const refused = await verifyWebhook(body, request.headers as Record<string, string>, secret).then(
    ({ id }) => void shop.told.push(id),
    (error: Error) => error.message,
  )
  response.writeHead(refused ? 400 : (shop.answers.shift() ?? 200)).end(refused ?? 'Taken')
}

/** Listens, and waits until it is ready. */
async function listen(shop: Shop, ...more: string[]): Promise<Running> {
  const listening = lango.begin(['listen', '--forward-to', shop.url, ...more])
  await listening.says(/Ready\./)
  secret = /whsec_\S+/.exec(listening.said())![0]
  return listening
}

/** What a shop was told of these events, in order. Lango has more to tell: that something needs a person, for example. */
function ofThese(shop: Shop, events: string[]): string[] {
  return shop.told.filter((id) => events.includes(id))
}

let amount = 100

/** A payment that is paid, unless its phone does not; of another amount each. Answers its event. */
async function paid(phone = '0708374149'): Promise<string> {
  const { data } = await lango.call('POST', '/v1/payments', { amount: ++amount, phone })
  let event: { id: string } | undefined
  await until(async () => {
    event = (await lango.call('GET', `/v1/events?payment_id=${data.id}`)).data[0]
    return event !== undefined
  })
  return event!.id
}

const hears = (shop: Shop, events: string[]) =>
  until(
    () => events.every((id) => shop.told.includes(id)),
    () => `It heard of ${shop.told.join()}, not of ${events.join()}.`,
  )

test('what happens is handed on, signed by a secret that stays, and what was missed while it was killed comes first', async () => {
  const shop = await openShop()
  const listening = await listen(shop)
  assert.match(listening.said(), /What happens from now on is told/)
  const [first, ownSecret] = [await paid(), secret]
  await hears(shop, [first])
  await listening.says(new RegExp(`payment\\.completed +${first}  200  `))
  listening.child.kill('SIGKILL')
  await once(listening.child, 'exit')

  const missed = [await paid(), await paid()]
  const again = await listen(shop)
  await again.says('2 events waited since the last time, and come first.')
  assert.equal(secret, ownSecret)
  await hears(shop, missed)
  assert.deepEqual(ofThese(shop, [first, ...missed]), [first, ...missed], 'In order, and none twice.')
  assert.equal(await again.end(), 0)
  assert.match(again.said(), /Stopped\. What happens from now on waits in Lango for the next time\.\n$/)
  await shop.close()
})

test('Lango is restarted, and every event is handed on; the terminal tells of it', async () => {
  const shop = await openShop()
  const listening = await listen(shop)
  const before = await paid()
  await hears(shop, [before])
  running.child.kill('SIGKILL')
  await once(running.child, 'exit')
  await listening.says(/Lango at \S+ did not answer .* What happens meanwhile waits there\. Trying again …/)
  running = await lango.started()
  const later = await paid()
  await hears(shop, [later])
  await listening.says(/Lango at \S+ answers again\./)
  assert.equal(await listening.end(), 0)
  await shop.close()
})

test('the network is cut, and every event is handed on; the terminal tells of it', async () => {
  const network = await openNetwork(Number(new URL(lango.url).port))
  const shop = await openShop()
  const listening = await listen(shop, '--url', network.url)
  network.cut()
  await listening.says('Trying again …')
  const meanwhile = [await paid(), await paid()]
  network.mend()
  await hears(shop, meanwhile)
  await listening.says(/answers again/)
  assert.deepEqual(ofThese(shop, meanwhile), meanwhile)
  assert.equal(await listening.end(), 0)
  await shop.close()
  network.close()
})

test('the shop is down, or fails, and every event is handed on to it when it is well', async () => {
  const shop = await openShop()
  const listening = await listen(shop)
  await shop.close()
  const meanwhile = [await paid(), await paid()]
  await listening.says(/hook cannot be reached: nothing listens there\. Events wait in Lango, and it is tried again\./)
  await shop.open()
  await hears(shop, meanwhile)
  await listening.says('is there again.')
  assert.deepEqual(ofThese(shop, meanwhile), meanwhile)

  shop.answers = [500]
  const failing = await paid()
  await listening.says('The endpoint answered 500. Again in 5 s.')
  await hears(shop, [await paid()])
  assert.equal(shop.told.filter((id) => id === failing).length, 1, 'What follows does not wait.')
  await listening.says(new RegExp(`${failing}  200 .*attempt 2`))
  assert.equal(await listening.end(), 0)
  await shop.close()
})

test('a redelivery is handed on, and so is what was before, on request; some events only, as lines for a program', async () => {
  const shop = await openShop()
  const listening = await listen(shop, '--events', 'payment.*')
  const event = await paid()
  await hears(shop, [event])
  await listening.says(`${event}  200`)
  await lango.call('POST', `/v1/events/${event}/redeliver`)
  await until(() => shop.told.length === 2)
  await listening.says('(attempt 2')
  await listening.end()

  shop.told = []
  const since = ['--since', '2020-01-01', '--events', 'payment.failed', '--json']
  const failed = lango.begin(['listen', '--forward-to', shop.url, '--machine', 'another', ...since])
  await failed.says(/0 events since 2020-01-01/)
  secret = /whsec_\S+/.exec(failed.said())![0]
  await failed.says('Ready.')
  await paid()
  const id = await paid('254700001032')
  await hears(shop, [id])
  await failed.says(`{"event_id":"${id}","event_type":"payment.failed",`)
  await failed.end()
  assert.deepEqual(shop.told, [id])
  await shop.close()
})

/** A network between a listener and Lango, which can be cut. */
async function openNetwork(port: number) {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createTcpServer((near) => {
    if (isCut) return void near.destroy()
    const far = connect(port, 'localhost')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    near.pipe(far).pipe(near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.push(server)
  const { port: own } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${own}`,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend: () => void (isCut = false),
    close: () => void server.close(),
  }
}
