import { once } from 'node:events'
import { createServer } from 'node:http'
import { cannotListen } from '../cannot-listen.ts'
import type { Context } from '../context.ts'
import { createMetrics } from './metrics.ts'

/**
 * Answers `/metrics` at a port of its own, so that no proxy in front hands it to the world. Answers how it is closed.
 * @throws a sentence when the port cannot be opened.
 */
export async function serveMetrics(
  context: Context,
  { port, host }: { port: number; host: string },
): Promise<{ port: number; close(): void }> {
  const metrics = createMetrics(context)
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end()
    metrics.read().then(
      (text) =>
        response.writeHead(200, { 'Content-Type': metrics.type, 'X-Content-Type-Options': 'nosniff' }).end(text),
      (error: unknown) => {
        context.log.error({ error }, 'The metrics could not be read.')
        response.writeHead(500).end()
      },
    )
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw cannotListen(error, { setting: 'METRICS_PORT', port, host })
  }
  return {
    port: (server.address() as { port: number }).port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
