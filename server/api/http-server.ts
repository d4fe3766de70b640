import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Clock } from '../clock.ts'
import { Problem } from '../problem.ts'
import { guardingHeaders } from './guarded-answer.ts'
import { failureOf, newRequestId } from './failure.ts'
import { isPlainPost, readPlainPost } from './plain-post.ts'
import type { PlainAnswer, PostTaker } from './plain-post.ts'

/**
 * Longer than any usual proxy keeps a connection on which nothing is said, which is two minutes for Caddy: where the server closes
 * it first, it does so at the moment at which a callback is sent on it.
 */
const keepAliveMs = 130_000

/** Where the server is reached is asked when it is needed: it may listen before it is known. */
type Parts = {
  clock: Clock
  publicUrl(): string
  /** True once the node goes: whoever kept the connection would send the next request to one that is gone. */
  isStopping?(): boolean
}
type Fetch = Parameters<typeof getRequestListener>[0]

/**
 * The HTTP server of a `fetch`. What is no request at all, or has no address, is answered here, in the shape of every failure. So is
 * what somebody takes who needs no more than what was posted: a `Request` and a `Response` cost a callback as much as all else does.
 * Whom the sender meant by `Host` is not looked at, for nothing depends on it: a proxy that writes something odd there loses no
 * callback.
 */
export function createHttpServer(parts: Parts, fetch: Fetch, takerOf: PostTaker = () => undefined): Server {
  const answer = getRequestListener(fetch, {
    hostname: 'localhost',
    errorHandler() {
      const { status, text, headers } = written(parts, noAddress)
      return new Response(text, { status, headers })
    },
  })
  const hear = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = '' } = incoming
    if (unspeakable.has(method)) {
      send(outgoing, written(parts, new Problem('method_not_allowed', `There is no ${method} here.`)))
      return
    }
    const take = isPlainPost(incoming) ? takerOf(incoming.url!) : undefined
    if (take) {
      readPlainPost(incoming, (post) => void take(post).then((answer) => send(outgoing, written(parts, answer))))
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
    return write(socket, written(parts, reasons.get(error.code ?? '') ?? noRequest))
  })
  return server
}

/** What a `Request` cannot even be made of. */
const unspeakable = new Set(['TRACE', 'TRACK', 'CONNECT'])

const bad = (message: string) => new Problem('invalid_request', message)
const noAddress = bad('The address is not one of HTTP. It begins with a slash, and has no backslash.')
const noRequest = bad('This is no request of HTTP/1.1. Send it by a client that speaks it.')
const reasons = new Map(
  Object.entries<Problem>({
    HPE_HEADER_OVERFLOW: bad('The headers are larger than 16 KB. Send less.'),
    ERR_HTTP_REQUEST_TIMEOUT: bad('The whole request did not come in time. Send it again.'),
  }),
)

type Written = { status: ContentfulStatusCode; text: string; headers: Record<string, string> }

function written({ clock, publicUrl, isStopping }: Parts, answer: PlainAnswer | Problem): Written {
  const id = newRequestId(clock.now())
  const config = { publicUrl: publicUrl() }
  const text = JSON.stringify(answer instanceof Problem ? failureOf(answer, id, config) : answer.body)
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(text)),
    'Cache-Control': 'no-store',
    ...guardingHeaders(config),
    'X-Request-Id': id,
    ...(isStopping?.() && { Connection: 'close' }),
  }
  return { status: answer.status, text, headers }
}

function send(outgoing: ServerResponse, { status, text, headers }: Written): void {
  outgoing.writeHead(status, headers).end(text)
}

/** Where there is no request there is nothing of Node's to answer with. The connection is of no use any more. */
function write(socket: Duplex, { text, headers }: Written): void {
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}`)
  socket.end(['HTTP/1.1 400 Bad Request', ...lines, '', text].join('\r\n'))
}
