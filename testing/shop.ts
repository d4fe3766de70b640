import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What Lango posted to the shop, as it came over the wire. */
export type Received = { headers: IncomingHttpHeaders; text: string; json: any }

/** How the shop answers one post: a status, or with its own hands. */
export type Manner = number | ((response: ServerResponse, received: Received) => void)

/** A merchant's own server on a port of this machine, which takes webhooks. */
export type Shop = {
  url: string
  received: Received[]
  /** From now on answers like this. At first it answers 200. */
  answer(manner: Manner): void
  close(): void
}

export async function openShop(): Promise<Shop> {
  let manner: Manner = 200
  const received: Received[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const post = { headers: request.headers, text, json: JSON.parse(text) }
      received.push(post)
      if (typeof manner === 'number') response.writeHead(manner).end('thanks')
      else manner(response, post)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: (next) => (manner = next),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
