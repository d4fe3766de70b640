import { ofDecks } from '../indicator.ts'
import type { Frame, Indicator } from '../indicator.ts'

const decksBegin = 120
const deckLength = 5

/**
 * A portable axle weigher by UDP, port 13805: a float at the beginning; as its documents say, four decks from byte 120 on, each a
 * byte that is not 0 while it stands still and a float. Numbers are little-endian.
 */
export const pawUdp: Indicator = {
  isMessage: true,
  read(frame) {
    const bytes = Buffer.from(frame, 'latin1')
    if (bytes.length >= decksBegin + 4 * deckLength) return readDecks(bytes)
    return bytes.length < 4 ? undefined : { kg: weightAt(bytes, 0) }
  },
}

function readDecks(bytes: Buffer): Frame {
  const starts = [0, 1, 2, 3].map((deck) => decksBegin + deck * deckLength)
  const isStable = starts.every((start) => bytes[start] !== 0)
  return ofDecks(
    starts.map((start) => weightAt(bytes, start + 1)),
    { isStable },
  )
}

/** To the tenth: a float does not hold more. */
const weightAt = (bytes: Buffer, start: number) => Math.round(bytes.readFloatLE(start) * 10) / 10
