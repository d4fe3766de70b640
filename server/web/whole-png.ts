import { inflateSync } from 'node:zlib'

/** How many samples a pixel has, by the colour type of its PNG. */
const samplesOf = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
])
const depths = [1, 2, 4, 8, 16]
const filterMax = 4
const beginning = 8

/**
 * True for a PNG that a PDF can hold: whole, not interlaced, its pixels as its head says. It is looked at before it is drawn, for
 * the library unpacks a picture after it has said yes, where nobody can catch what it throws, and the process ends.
 */
export function isWholePng(bytes: Buffer): boolean {
  try {
    const [head, ...others] = chunksOf(bytes)
    if (head?.name !== 'IHDR' || head.data.length !== 13 || others.some(({ name }) => name === 'IHDR')) return false
    const [depth, samples, isInterlaced] = [head.data[8]!, samplesOf.get(head.data[9]!), head.data[12] !== 0]
    if (!samples || !depths.includes(depth) || isInterlaced) return false
    const lineLength = 1 + Math.ceil((head.data.readUInt32BE(0) * samples * depth) / 8)
    const length = head.data.readUInt32BE(4) * lineLength
    const packed = others.flatMap(({ name, data }) => (name === 'IDAT' ? data : []))
    const lines = inflateSync(Buffer.concat(packed), { maxOutputLength: length })
    return lines.length === length && haveFilters(lines, lineLength)
  } catch {
    // It ends before its end, or is packed in no way that can be unpacked to so much.
    return false
  }
}

type Chunk = { name: string; data: Buffer }

/** The parts of a PNG. @throws where it ends before the last. */
function chunksOf(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = []
  for (let at = beginning; chunks.at(-1)?.name !== 'IEND'; at += chunks.at(-1)!.data.length + 12) {
    const [length, name] = [bytes.readUInt32BE(at), bytes.toString('latin1', at + 4, at + 8)]
    if (at + length + 12 > bytes.length) throw new RangeError(`The part ${name} is cut off.`)
    chunks.push({ name, data: bytes.subarray(at + 8, at + 8 + length) })
  }
  return chunks
}

/** Each line begins with the number of a filter that there is. */
function haveFilters(lines: Buffer, lineLength: number): boolean {
  for (let at = 0; at < lines.length; at += lineLength) if (lines[at]! > filterMax) return false
  return true
}
