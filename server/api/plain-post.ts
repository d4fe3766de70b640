import type { IncomingMessage } from 'node:http'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Problem } from '../problem.ts'
import { bodyBytesMax } from './limit-body.ts'

/** What was posted to an address: all that it takes to answer where nothing else of a request matters. */
export type PlainPost = {
  /** As it came: decoded it may hold what no text of the database can. */
  path: string
  /** The other end of the connection; undefined where there is none. */
  peer: string | undefined
  /** A header by its name in lower case. */
  header(name: string): string | undefined
  body: Buffer
}

export type PlainAnswer = { status: ContentfulStatusCode; body: object }

/**
 * Finds who takes what is posted to a path; undefined where nobody does. A problem is answered like every other; nothing may be
 * thrown.
 */
export type PostTaker = (path: string) => ((post: PlainPost) => Promise<PlainAnswer | Problem>) | undefined

/** True for a POST to an address without a query, with a body whose length is stated and within bounds. */
export function isPlainPost({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    !url!.includes('?') &&
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length']) <= bodyBytesMax
  )
}

/** What was posted, once all of it has come. Whoever breaks off hears nothing. */
export function readPlainPost(incoming: IncomingMessage, take: (post: PlainPost) => void): void {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () =>
    take({
      path: incoming.url!,
      peer: incoming.socket.remoteAddress,
      header: (name) => incoming.headers[name] as string | undefined,
      body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks),
    }),
  )
}
