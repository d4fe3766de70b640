import { createReadStream } from 'node:fs'
import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { PassThrough } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { BadBackup, open, readEnvelope } from './envelope.ts'
import type { BackupKey, Envelope } from './envelope.ts'
import { readFrames } from './frames.ts'
import type { Frame } from './frames.ts'
import { compare } from './manifest.ts'
import type { Held, Manifest } from './manifest.ts'

/** The first line of a backup. @throws BadBackup when the file is none. */
export async function envelopeOf(file: string): Promise<Envelope> {
  const stream = createReadStream(file)
  try {
    return (await readEnvelope(stream)).envelope
  } catch (error) {
    throw explainFile(error, file)
  } finally {
    stream.destroy()
  }
}

/** The frames of a backup, in order. @throws BadBackup when it is not what was written. */
export async function* framesIn(file: string, key: BackupKey): AsyncGenerator<Frame> {
  const frames = new PassThrough()
  const opened = pipeline(
    createReadStream(file),
    (sealed: AsyncIterable<Buffer>) => open(sealed, key),
    createGunzip(),
    frames,
  )
  // It is waited for below; until then a failure shows as that of the stream.
  opened.catch(() => {})
  try {
    yield* readFrames(frames)
    frames.resume()
    await opened
  } catch (error) {
    throw explainFile(error, file)
  } finally {
    frames.destroy()
  }
}

/** Reads a backup whole, and sees that each table is what its manifest says. @throws BadBackup when it is not. */
export async function readWhole(file: string, key: BackupKey): Promise<Manifest> {
  const tables: Held[] = []
  let hash = createHash('sha256')
  for await (const frame of framesIn(file, key)) {
    if (frame.kind === 'table') hash = createHash('sha256')
    if (frame.kind === 'rows') hash.update(frame.bytes)
    if (frame.kind === 'held') tables.push({ ...frame.held, sha256: hash.digest('hex') })
    if (frame.kind !== 'manifest') continue
    const [wrong] = compare(frame.manifest, { ...frame.manifest, tables })
    if (wrong) throw new BadBackup(`The backup is not whole: ${wrong}`)
    return frame.manifest
  }
  throw new BadBackup('The backup ends before its manifest: it was never finished.')
}

function explainFile(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new BadBackup(`There is no file ${file}.`)
  if (code === 'EISDIR') return new BadBackup(`${file} is a folder, and no backup.`)
  if (code === 'EACCES') return new BadBackup(`${file} may not be read by this user.`)
  if (code?.startsWith('Z_')) return new BadBackup(`The backup was changed or damaged: ${message}.`)
  return error
}
