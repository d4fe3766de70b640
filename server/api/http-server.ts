import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Clock } from '../clock.ts'
import { Problem } from '../problem.ts'
import { guardingHeaders } from './guarded-answer.ts'
import { failureOf, newRequestId } from './failure.ts'

/**
 * Longer than any usual proxy keeps a connection on which nothing is said, which is two minutes for Caddy: where the server closes
 * it first, it does so at the moment at which a callback is sent on it.
 */
const keepAliveMs = 130_000

/** Where the server is reached is asked when it is needed: it may listen before it is known. */
type Parts = { clock: Clock; publicUrl(): string }
type Fetch = Parameters<typeof getRequestListener>[0]

/**
 * The HTTP server of a `fetch`. What is no request at all, or has no address, is answered here, in the shape of every failure.
 * Whom the sender meant by `Host` is not looked at, for nothing depends on it: a proxy that writes something odd there loses no
 * callback.
 */
export function createHttpServer(parts: Parts, fetch: Fetch): Server {
  const answer = getRequestListener(fetch, {
    hostname: 'localhost',
    errorHandler() {
      const { status, text, headers } = refusal(parts, noAddress)
      return new Response(text, { status, headers })
    },
  })
  const hear = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = '' } = incoming
    if (unspeakable.has(method)) {
      const { status, text, headers } = refusal(parts, new Problem('method_not_allowed', `There is no ${method} here.`))
      outgoing.writeHead(status, headers).end(text)
      return
    }
    delete incoming.headers.host
    void answer(incoming, outgoing)
  }
  const server = createServer({ requireHostHeader: false, keepAliveTimeout: keepAliveMs }, hear)
  // What else is expected of the server than to go on, need not be met.
  server.on('checkExpectation', hear)
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy()
    return write(socket, refusal(parts, reasons[error.code ?? ''] ?? noRequest))
  })
  return server
}

/** What a `Request` cannot even be made of. */
const unspeakable = new Set(['TRACE', 'TRACK', 'CONNECT'])

const bad = (message: string) => new Problem('invalid_request', message)
const noAddress = bad('The address is not one of HTTP. It begins with a slash, and has no backslash.')
const noRequest = bad('This is no request of HTTP/1.1. Send it by a client that speaks it.')
const reasons: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: bad('The headers are larger than 16 KB. Send less.'),
  ERR_HTTP_REQUEST_TIMEOUT: bad('The whole request did not come in time. Send it again.'),
}

type Refusal = { status: ContentfulStatusCode; text: string; headers: Record<string, string> }

function refusal({ clock, publicUrl }: Parts, problem: Problem): Refusal {
  const id = newRequestId(clock.now())
  const text = JSON.stringify(failureOf(problem, id, { publicUrl: publicUrl() }))
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    ...guardingHeaders({ publicUrl: publicUrl() }),
    'X-Request-Id': id,
  }
  return { status: problem.status, text, headers }
}

/** Where there is no request there is nothing of Node's to answer with. The connection is of no use any more. */
function write(socket: Duplex, { text, headers }: Refusal): void {
  const whole = { ...headers, 'Content-Length': String(Buffer.byteLength(text)), Connection: 'close' }
  const lines = Object.entries(whole).map(([name, value]) => `${name}: ${value}`)
  socket.end(['HTTP/1.1 400 Bad Request', ...lines, '', text].join('\r\n'))
}
