import { once } from 'node:events'
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { WebSocketServer } from 'ws'
import { createApp } from './app.ts'
import { chargeAll } from './case/charge.ts'
import type { Station } from './case/station.ts'
import { broadcast, tell } from './broadcast.ts'

export type OpenOptions = Omit<Station, 'changed' | 'url'> & {
  port: number
  host?: string
  /** Tells Lango where the weighbridge is, and answers what its webhooks are signed with. */
  subscribe(url: string): Promise<string>
}

/** Opens the pages of a weighbridge, its live weight at `/live`, and what it does on its own. */
export async function openStation({ port, host = '127.0.0.1', subscribe, ...parts }: OpenOptions) {
  let answer: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 })
  const server = serve({ port, hostname: host, fetch: (request) => answer(request) }) as Server
  await once(server, 'listening')
  const address = server.address()
  const url = `http://localhost:${typeof address === 'object' && address ? address.port : port}`
  const secret = await subscribe(`${url}/lango`)

  const sockets = new WebSocketServer({ server, path: '/live' })
  const lengthOf = (number: number) => ({ number, entries: parts.store.read(number).length })
  const station: Station = { ...parts, url, changed: (number) => broadcast(sockets, 'case', lengthOf(number)) }
  answer = createApp(station, secret).fetch
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate())
    tell(socket, 'weight', station.scale.now())
    // What was written while the page was on its way is told at once.
    const number = Number(new URL(request.url ?? '', url).searchParams.get('case'))
    if (number) tell(socket, 'case', lengthOf(number))
  })
  const stopListening = station.scale.listen((weight) => broadcast(sockets, 'weight', weight))
  const rounds = setInterval(() => void chargeAll(station), 10_000)
  return {
    station,
    url,
    close() {
      clearInterval(rounds)
      stopListening()
      sockets.clients.forEach((socket) => socket.terminate())
      sockets.close()
      server.close()
      server.closeAllConnections()
    },
  }
}
