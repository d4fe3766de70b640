import { once } from 'node:events'
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Now } from '../../clock.ts'
import type { Scale } from '../scale.ts'
import type { Outbox } from './outbox.ts'
import { createRest } from './rest.ts'
import { emptySession, react, weightMessage } from './session.ts'
import type { Message } from './session.ts'

export type TruConnectOptions = {
  scale: Scale
  now: Now
  /** Where weighings go that are complete; without it they go nowhere. */
  outbox?: Outbox
  /** 3030 and 3031, as TruConnect has them; this machine alone is let in, unless a host is named. */
  ports?: { socket: number; rest: number }
  host?: string
}

const messageBytesMax = 65_536

/** Speaks as TruConnect does, by WebSocket and REST, so that what listens to it can listen here. */
export async function openTruConnect(options: TruConnectOptions) {
  const { scale, now, outbox, ports = { socket: 3030, rest: 3031 }, host = '127.0.0.1' } = options
  let session = emptySession()
  const take = (message: Message): Message => {
    const { answer, complete, ...then } = react(message, session, scale.now())
    session = then.session
    if (complete) outbox?.put({ ...complete, capturedAt: now().toISOString() })
    return answer
  }
  const sockets = new WebSocketServer({ port: ports.socket, host, maxPayload: messageBytesMax })
  const rest = serve({ fetch: createRest({ scale, now, take }).fetch, port: ports.rest, hostname: host }) as Server
  await Promise.all([once(sockets, 'listening'), once(rest, 'listening')])
  const registered = new Set<WebSocket>()
  sockets.on('connection', (socket) => {
    const say = (message: Message) => socket.send(JSON.stringify(message))
    socket.on('error', () => socket.terminate()).on('close', () => registered.delete(socket))
    socket.on('message', (bytes: Buffer) => {
      const message = readMessage(bytes.toString())
      if (!message) return say({ event: 'error', data: { message: 'Invalid message format' } })
      say(take(message))
      if (message.event !== 'register') return
      registered.add(socket)
      say(weightMessage(scale.now()))
    })
    say({ event: 'connected', data: { serverTime: now().toISOString() } })
  })
  const stopListening = scale.listen((weight) => {
    const text = JSON.stringify(weightMessage(weight))
    for (const socket of registered) if (socket.bufferedAmount < messageBytesMax) socket.send(text)
  })
  const rounds = setInterval(() => void outbox?.sendDue(), 5000)
  return {
    socketPort: portOf(sockets),
    restPort: portOf(rest),
    close() {
      clearInterval(rounds)
      stopListening()
      sockets.clients.forEach((socket) => socket.terminate())
      sockets.close()
      rest.close()
      rest.closeAllConnections()
    },
  }
}

function readMessage(text: string): Message | undefined {
  try {
    const { event, data } = JSON.parse(text) as Partial<Message>
    return typeof event === 'string' ? { event, data: typeof data === 'object' && data ? data : {} } : undefined
  } catch {
    return undefined
  }
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as { port: number }).port
}
