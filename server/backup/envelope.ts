import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, scryptSync } from 'node:crypto'
import { deriveKey, keyId } from '../secret.ts'
import { takeFrom } from './take.ts'
import type { Take } from './take.ts'

/** What a backup is closed with: the installation's secret key, or a text that somebody keeps. */
export type BackupKey = { secretKey: Buffer } | { passphrase: string }

/** The first line of a backup, which anybody can read: it says how the rest opens, and nothing about it. */
export type Envelope = {
  lango_backup: 1
  made_at: string
  /** Which secret key the credentials inside are sealed with. It is not in the backup. */
  secret_key: string
  closed_with: 'secret key' | 'passphrase'
  /** The name of the secret key that opens it; that of `secret_key`, unless the key was changed meanwhile. */
  key: string | null
  salt: string
}

/** A backup that cannot be used, and why, as a sentence for a person. */
export class BadBackup extends Error {
  override name = 'BadBackup'
}

const lineBytesMax = 1024
const chunkBytes = 65_536
const tagBytes = 16
const lengthBytes = 4
const lastChunk = 0x8000_0000

/** The first line of a backup that is made now. */
export function newEnvelope(key: BackupKey, { madeAt, secretKey }: { madeAt: Date; secretKey: string }): Envelope {
  const isSecret = 'secretKey' in key
  return {
    lango_backup: 1,
    made_at: madeAt.toISOString(),
    secret_key: secretKey,
    closed_with: isSecret ? 'secret key' : 'passphrase',
    key: isSecret ? keyId(key.secretKey) : null,
    salt: randomBytes(32).toString('hex'),
  }
}

/**
 * Closes a stream: the envelope, then chunks of AES-256-GCM, each a length, the text and its tag. A key is made for each backup, so
 * the number of a chunk is its nonce; the last one says that it is, so that what is cut shows.
 */
export async function* close(envelope: Envelope, key: BackupKey, plain: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const line = Buffer.from(`${JSON.stringify(envelope)}\n`)
  const own = keyOf(envelope, key)
  yield line
  let [kept, number]: [Buffer, number] = [Buffer.alloc(0), 0]
  for await (const more of plain) {
    kept = kept.length === 0 ? more : Buffer.concat([kept, more])
    for (; kept.length > chunkBytes; kept = kept.subarray(chunkBytes))
      yield sealChunk(own, line, { number: number++, isLast: false, text: kept.subarray(0, chunkBytes) })
  }
  yield sealChunk(own, line, { number, isLast: true, text: kept })
}

/** Reads the envelope of a backup. @throws BadBackup when it is no backup of Lango. */
export async function readEnvelope(
  file: AsyncIterable<Buffer>,
): Promise<{ envelope: Envelope; line: Buffer; take: Take }> {
  const take = takeFrom(file)
  const bytes: Buffer[] = []
  for (let byte = await take(1); byte && bytes.length < lineBytesMax; byte = await take(1)) {
    bytes.push(byte)
    if (byte[0] === 0x0a) break
  }
  const line = Buffer.concat(bytes)
  const envelope = parse(line.toString('utf8'))
  if (!envelope) throw new BadBackup('This is no backup of Lango, or its first line was changed.')
  return { envelope, line, take }
}

/**
 * Opens what `close` closed, chunk after chunk: what is answered is exactly what was closed.
 * @throws BadBackup when the key is another, or the file was cut, changed or prolonged.
 */
export async function* open(file: AsyncIterable<Buffer>, key: BackupKey): AsyncGenerator<Buffer> {
  const { envelope, line, take } = await readEnvelope(file)
  const own = keyOf(envelope, key)
  for (let number = 0; ; number++) {
    const head = await take(lengthBytes)
    if (head?.length !== lengthBytes) throw cut(number)
    const isLast = (head.readUInt32BE() & lastChunk) !== 0
    const length = (head.readUInt32BE() & ~lastChunk) >>> 0
    if (length > chunkBytes) throw changed(number)
    const sealed = await take(length + tagBytes)
    if (sealed?.length !== length + tagBytes) throw cut(number)
    yield openChunk(own, line, { number, isLast, sealed, envelope })
    if (!isLast) continue
    if (await take(1)) throw new BadBackup('The file goes on after the end of the backup: it was changed.')
    return
  }
}

type Chunk = { number: number; isLast: boolean }

function sealChunk(key: Buffer, line: Buffer, { text, ...chunk }: Chunk & { text: Buffer }): Buffer {
  const head = Buffer.alloc(lengthBytes)
  head.writeUInt32BE((text.length | (chunk.isLast ? lastChunk : 0)) >>> 0)
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(chunk))
  cipher.setAAD(line)
  return Buffer.concat([head, cipher.update(text), cipher.final(), cipher.getAuthTag()])
}

function openChunk(
  key: Buffer,
  line: Buffer,
  { sealed, envelope, ...chunk }: Chunk & { sealed: Buffer; envelope: Envelope },
): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(chunk))
  decipher.setAAD(line)
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()])
  } catch {
    if (chunk.number === 0 && envelope.closed_with === 'passphrase')
      throw new BadBackup(
        'The passphrase is another than the one that this backup was closed with, or the file was changed.',
      )
    throw changed(chunk.number)
  }
}

function nonceOf({ number, isLast }: Chunk): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt8(isLast ? 1 : 0, 0)
  nonce.writeUIntBE(number, 6, 6)
  return nonce
}

/** The key of one backup. @throws BadBackup when it is another's. */
function keyOf({ salt, closed_with, key: id }: Envelope, key: BackupKey): Buffer {
  const salted = Buffer.from(salt, 'hex')
  if ('passphrase' in key) {
    if (closed_with !== 'passphrase')
      throw new BadBackup('This backup opens with the secret key, and not with a passphrase.')
    return scryptSync(key.passphrase, salted, 32, { N: 2 ** 16, maxmem: 2 ** 27 })
  }
  if (closed_with === 'passphrase') throw new BadBackup('This backup opens with a passphrase: give --passphrase-file.')
  if (id !== keyId(key.secretKey))
    throw new BadBackup(
      `This backup opens with the secret key ${id}, and the one here is ${keyId(key.secretKey)}. Set LANGO_SECRET_KEY to the key that it was made with.`,
    )
  return Buffer.from(hkdfSync('sha256', deriveKey(key.secretKey, 'backup'), salted, 'lango backup', 32))
}

function cut(number: number): BadBackup {
  return new BadBackup(
    `The backup was cut off: the file ends within chunk ${number + 1}, before its end. Copy it again, or take another.`,
  )
}

function changed(number: number): BadBackup {
  return new BadBackup(
    `The backup was changed or damaged at chunk ${number + 1}: it is not what was written. Take another.`,
  )
}

function parse(text: string): Envelope | undefined {
  try {
    const read = JSON.parse(text) as Partial<Envelope> | null
    const isOurs = read?.lango_backup === 1 && /^[0-9a-f]{64}$/.test(String(read.salt))
    return isOurs && typeof read.secret_key === 'string' ? (read as Envelope) : undefined
  } catch {
    return undefined
  }
}
