import { crc32 } from 'node:zlib'
import type { Callback } from './callback.ts'

/** A callback as one line: a checksum and the length of what follows, so that a line which was cut short is recognised. */
export function writeLine({ body, ...callback }: Callback): string {
  const text = JSON.stringify({ ...callback, body: body.toString('base64') })
  return `${checksum(text)} ${text.length} ${text}\n`
}

/**
 * The callbacks of a file. A last line without its end was being written when the power failed, and nobody was told that it was
 * kept: it is cut off. Any other line that cannot be read was whole once, and is counted as damaged.
 */
export function readLines(content: string): { callbacks: Callback[]; damaged: number } {
  const lines = content.split('\n').slice(0, -1)
  const callbacks = lines.map(readLine).filter((callback) => callback !== undefined)
  return { callbacks, damaged: lines.length - callbacks.length }
}

function readLine(line: string): Callback | undefined {
  const [, sum, length, text = ''] = /^([0-9a-f]{8}) (\d+) (.*)$/s.exec(line) ?? []
  if (text.length !== Number(length) || checksum(text) !== sum) return undefined
  const kept = JSON.parse(text) as Omit<Callback, 'body' | 'received_at'> & { body: string; received_at: string }
  return { ...kept, received_at: new Date(kept.received_at), body: Buffer.from(kept.body, 'base64') }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}
