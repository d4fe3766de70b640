import type { Duplex } from 'node:stream'
import type { Hear, Line } from './line.ts'

/** A line of anything that streams. Bytes are characters one by one, as indicators mean them. */
export function lineOf(stream: Duplex, hear: Hear, lost: (why: Error) => void): Line {
  let isOver = false
  const end = (why: Error) => {
    if (isOver) return
    isOver = true
    stream.destroy()
    lost(why)
  }
  stream.on('data', (bytes: Buffer) => hear(bytes.toString('latin1')))
  stream.once('error', end)
  stream.once('close', () => end(new Error('The line was closed at the other end.')))
  return {
    write: (text) => void stream.write(text, 'latin1'),
    close() {
      isOver = true
      stream.destroy()
    },
  }
}
