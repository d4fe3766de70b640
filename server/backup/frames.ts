import { BadBackup } from './envelope.ts'
import type { Manifest, Held } from './manifest.ts'
import type { Layout } from './layout.ts'
import { takeFrom } from './take.ts'

/** What follows what in a backup: how the tables are made; of each its rows, in PostgreSQL's text; and what it all adds up to. */
export type Frame =
  | { kind: 'layout'; layout: Layout }
  | { kind: 'table'; table: string }
  | { kind: 'rows'; bytes: Buffer }
  | { kind: 'held'; held: Held }
  | { kind: 'manifest'; manifest: Manifest }

const kinds = ['layout', 'table', 'rows', 'held', 'manifest'] as const
const headBytes = 5
const frameBytesMax = 2 ** 30

/** A frame as bytes: its kind, its length, and what it holds. */
export function writeFrame(frame: Frame): Buffer[] {
  const body = frame.kind === 'rows' ? frame.bytes : Buffer.from(JSON.stringify(frame))
  const head = Buffer.alloc(headBytes)
  head.writeUInt8(kinds.indexOf(frame.kind), 0)
  head.writeUInt32BE(body.length, 1)
  return [head, body]
}

/** The frames of a stream, up to the manifest, which is the last. @throws BadBackup when it is missing. */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  const take = takeFrom(stream)
  for (;;) {
    const head = await take(headBytes)
    if (head?.length !== headBytes) throw new BadBackup('The backup ends before its manifest: it was never finished.')
    const kind = kinds[head.readUInt8(0)]
    const length = head.readUInt32BE(1)
    const body = length > frameBytesMax ? undefined : await take(length)
    if (!kind || !body) throw new BadBackup('The backup cannot be read: a newer Lango made it, or it is damaged.')
    const frame = kind === 'rows' ? { kind, bytes: body } : (JSON.parse(body.toString('utf8')) as Frame)
    yield frame
    if (frame.kind === 'manifest') return
  }
}
