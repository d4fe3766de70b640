import { once } from 'node:events'
import { Agent, request as open } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import type { Generated } from '../requests/generate.ts'

/** What came back. */
export type Answer = { status: number; type: string; text: string; ms: number }

/** How long anything is waited for; an upload that takes more is a fault however large it is. */
const patienceMs = 70_000

export type Client = { send(request: Generated): Promise<Answer>; close(): void }

/** A client of so many connections, kept open, which sends requests as they are. */
export function createClient(base: string, connections: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port } = new URL(base)

  async function send({ method, path, headers, body }: Generated, triesLeft = 3): Promise<Answer> {
    const startedAt = performance.now()
    const bytes = body === undefined ? undefined : Buffer.from(body as string)
    const length = bytes && { 'Content-Length': String(bytes.length) }
    const sent = open({
      agent,
      host: hostname,
      port,
      method,
      path: writable(path),
      headers: { ...length, ...headersWritable(headers) },
      signal: AbortSignal.timeout(patienceMs),
      setHost: headers['Host'] === undefined,
    })
    sent.end(bytes)
    try {
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      const type = response.headers['content-type'] ?? ''
      // What goes on telling has answered when it begins.
      const isStream = type.startsWith('text/event-stream')
      const text = isStream ? '' : await readText(response)
      if (isStream) response.destroy()
      return { status: response.statusCode!, type, text, ms: performance.now() - startedAt }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // The server may close a connection that it has kept for a while at the very moment at which it is used again.
      if (sent.reusedSocket && code === 'ECONNRESET' && triesLeft > 0)
        return send({ method, path, headers, body: bytes && Uint8Array.from(bytes) }, triesLeft - 1)
      throw error
    }
  }
  return { send, close: () => agent.destroy() }
}

/** Node writes no path that HTTP does not allow; its bytes are sent instead. */
function writable(path: string): string {
  return path.replace(/[^\x21-\x7e]/g, (sign) => encodeURIComponent(sign.isWellFormed() ? sign : '?'))
}

function headersWritable(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')])
  return Object.fromEntries(entries) as Record<string, string>
}

/** Writes bytes to a connection of their own, and answers all that comes back until it ends. */
export async function sendBytes(base: string, text: string): Promise<string> {
  const { hostname, port } = new URL(base)
  const socket = connect({ host: hostname, port: Number(port), signal: AbortSignal.timeout(patienceMs) })
  socket.setEncoding('latin1')
  let answer = ''
  socket.on('data', (part: string) => {
    answer += part
    socket.end()
  })
  socket.write(text, 'latin1')
  await once(socket, 'close')
  return answer
}
