import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Random } from '../../../simulator/random.ts'

/** What stands between the provider and the nodes, and the merchant's own server: both outlive every kill, and count. */
export type Outside = {
  /** Where callbacks are posted to. Each goes to one door by chance; behind one that is dead it is lost, as Safaricom's is. */
  roadUrl: string
  shopUrl: string
  /** How often each body was answered with 200. */
  acknowledged: Map<string, number>
  /** How often each event was delivered, by webhook-id. */
  delivered: Map<string, number>
  /** How many callbacks were not taken. */
  turnedAway(): number
  close(): void
}

/** @param shopFails From 0 to 1: how often the shop answers 500. */
export async function openOutside(
  doors: string[],
  { random, shopFails }: { random: Random; shopFails: number },
): Promise<Outside> {
  const acknowledged = new Map<string, number>()
  const delivered = new Map<string, number>()
  let away = 0

  const road = await listen(async (request, response) => {
    const body = await read(request)
    away++
    const answer = await fetch(`${doors[random.integer(doors.length)]}${request.url}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    })
    const text = await answer.text()
    if (answer.status === 200) {
      count(acknowledged, body)
      away--
    }
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(text)
  })
  const shop = await listen(async (request, response) => {
    await read(request)
    if (random.fraction() < shopFails) return void response.writeHead(500).end()
    count(delivered, String(request.headers['webhook-id']))
    response.end()
  })

  return {
    roadUrl: `http://localhost:${portOf(road)}`,
    shopUrl: `http://127.0.0.1:${portOf(shop)}/hook`,
    acknowledged,
    delivered,
    turnedAway: () => away,
    close() {
      for (const server of [road, shop]) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<Server> {
  const server = createServer((request, response) => {
    // Where the node behind is dead, the connection breaks.
    answer(request, response).catch(() => response.destroy())
  }).listen(0, 'localhost')
  await once(server, 'listening')
  return server
}

async function read(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString()
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
