import { once } from 'node:events'
import { serve } from '@hono/node-server'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { isConnectionCut } from './connection-cut.ts'
import type { Simulator } from './simulator.ts'

export type ServeOptions = {
  /** 4010 by default; 0 takes any that is free. */
  port?: number
  /** Loopback by default: nothing here is guarded. */
  host?: string
}

/** Opens a port for a simulator. Rejects if the port is taken. Closing ends its open connections too. */
export async function serveSimulator(
  simulator: Pick<Simulator, 'fetch'>,
  { port = 4010, host = '127.0.0.1' }: ServeOptions = {},
) {
  const server = serve({
    port,
    hostname: host,
    async fetch(request, { outgoing }) {
      try {
        return await simulator.fetch(request)
      } catch (error) {
        if (!isConnectionCut(error)) throw error
        ;(outgoing as HttpBindings['outgoing']).destroy()
        return RESPONSE_ALREADY_SENT
      }
    },
  })
  await once(server, 'listening')
  const address = server.address()
  const opened = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${opened}`,
    async close(): Promise<void> {
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}
