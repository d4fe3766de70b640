import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** Posts to one port of this machine over connections that stay open. */
export type Poster = {
  post(path: string, body: string, headers?: Record<string, string>): Promise<string>
  close(): void
}

/** Longer than any answer may take: one that never comes must end the bench, and not hold it up. */
const patienceMs = 30_000

export function createPoster(port: number, { sockets = 256 } = {}): Poster {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets })
  return {
    close: () => agent.destroy(),
    /** Answers the body of a success. @throws for any other answer, and for none. */
    post: (path, body, more = {}) =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...more }
        const asked = request({ agent, port, host: '127.0.0.1', method: 'POST', path, headers }, (response) => {
          const { statusCode = 0 } = response
          const isGood = statusCode >= 200 && statusCode < 300
          text(response).then((answer) => (isGood ? resolve(answer) : reject(new Error(answer))), reject)
        })
        asked.setTimeout(patienceMs, () => asked.destroy(new Error(`No answer from ${path} within ${patienceMs} ms.`)))
        asked.on('error', reject).end(body)
      }),
  }
}
