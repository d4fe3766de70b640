/**
 * A QR code of one fixed kind: version 6, error correction L, mask 0, which holds 134 bytes. ISO/IEC 18004 gives the
 * numbers.
 */
export const qrSize = 41

const blockCount = 2
const blockDataLength = 68
const blockCheckLength = 18
export const qrBytesMax = blockCount * blockDataLength - 2

// The words "L, mask 0" with their error correction, as the standard tabulates them.
const formatBits = 0b111011111000100

/** The modules of the code, row by row; true is dark. Throws for more than 134 bytes. */
export function qrCode(content: Uint8Array): boolean[][] {
  if (content.length > qrBytesMax) throw new Error(`A QR code holds ${qrBytesMax} bytes here, not ${content.length}.`)
  const modules = Array.from({ length: qrSize }, () => Array<boolean | undefined>(qrSize).fill(undefined))
  const set = (x: number, y: number, isDark: boolean) => {
    const row = modules[y]
    if (row !== undefined && x >= 0 && x < qrSize) row[x] = isDark
  }
  drawPatterns(set)
  const bits = interleave(dataOf(content)).flatMap((byte) => bitsOf(byte, 8))
  let next = 0
  for (const [x, y] of path()) {
    if (modules[y]?.[x] !== undefined) continue
    // What the data does not fill is light; the mask turns every second module, as on a chessboard.
    set(x, y, (bits[next++] ?? false) !== ((x + y) % 2 === 0))
  }
  return modules.map((row) => row.map((isDark) => isDark === true))
}

type SetModule = (x: number, y: number, isDark: boolean) => void

function drawPatterns(set: SetModule): void {
  for (let i = 0; i < qrSize; i++) {
    set(i, 6, i % 2 === 0)
    set(6, i, i % 2 === 0)
  }
  const last = qrSize - 1
  for (const [x, y] of [
    [3, 3],
    [last - 3, 3],
    [3, last - 3],
  ] as const) {
    square(set, { x, y, radius: 4, light: [2, 4] })
  }
  square(set, { x: last - 6, y: last - 6, radius: 2, light: [1] })
  const format = bitsOf(formatBits, 15)
  const beside = [0, 1, 2, 3, 4, 5, 7, 8]
  format.forEach((isDark, i) => {
    // Once around the corner of the first finder, once split between the two others.
    if (i < 8) set(beside[i] ?? 0, 8, isDark)
    else set(8, beside[14 - i] ?? 0, isDark)
    if (i < 7) set(8, last - i, isDark)
    else set(last - 14 + i, 8, isDark)
  })
  set(8, last - 7, true)
}

type Square = { x: number; y: number; radius: number; light: number[] }

/** Concentric squares, dark but for the rings named. */
function square(set: SetModule, { x, y, radius, light }: Square): void {
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      if (y + dy < 0 || y + dy >= qrSize) continue
      set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))))
    }
  }
}

/** The modules in the order of the data: pairs of columns from the right, up and down in turn, past the timing column. */
function* path(): Generator<[x: number, y: number]> {
  let goesUp = true
  for (let right = qrSize - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < qrSize; step++) {
      const y = goesUp ? qrSize - 1 - step : step
      yield [right, y]
      yield [right - 1, y]
    }
    goesUp = !goesUp
  }
}

/** Mode and length, the bytes, the end, and the standard's padding. */
function dataOf(content: Uint8Array): number[] {
  const bits = [
    0b0100,
    content.length >> 4,
    content.length & 15,
    ...[...content].flatMap((byte) => [byte >> 4, byte & 15]),
    0,
  ]
  const bytes = Array.from({ length: bits.length / 2 }, (_, i) => ((bits[2 * i] ?? 0) << 4) | (bits[2 * i + 1] ?? 0))
  const padding = Array.from({ length: blockCount * blockDataLength - bytes.length }, (_, i) =>
    i % 2 === 0 ? 0xec : 0x11,
  )
  return [...bytes, ...padding]
}

/** The bytes of the blocks in turn, and then those of their error correction. */
function interleave(data: number[]): number[] {
  const blocks = Array.from({ length: blockCount }, (_, i) =>
    data.slice(i * blockDataLength, (i + 1) * blockDataLength),
  )
  const inTurn = (lists: number[][]) => lists[0]?.flatMap((_, i) => lists.map((list) => list[i] ?? 0)) ?? []
  return [...inTurn(blocks), ...inTurn(blocks.map(checkOf))]
}

/** Reed–Solomon: the remainder of the block, as a polynomial over GF(256), by the generator polynomial. */
function checkOf(block: number[]): number[] {
  const remainder = Array<number>(blockCheckLength).fill(0)
  for (const byte of block) {
    const factor = byte ^ (remainder.shift() ?? 0)
    remainder.push(0)
    generator.forEach((coefficient, i) => (remainder[i] = (remainder[i] ?? 0) ^ times(coefficient, factor)))
  }
  return remainder
}

/** The product of (x - 2^i) for each check byte, without its leading 1. */
const generator = Array.from({ length: blockCheckLength })
  .reduce<{ polynomial: number[]; root: number }>(
    ({ polynomial, root }) => ({
      polynomial: [...polynomial, 0].map(
        (coefficient, i) => coefficient ^ (i > 0 ? times(polynomial[i - 1] ?? 0, root) : 0),
      ),
      root: times(root, 2),
    }),
    { polynomial: [1], root: 1 },
  )
  .polynomial.slice(1)

/** Multiplies in GF(256) with the QR code's polynomial, 0x11d. */
function times(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d)
    if ((b >> bit) & 1) product ^= a
  }
  return product
}

function bitsOf(value: number, count: number): boolean[] {
  return Array.from({ length: count }, (_, i) => ((value >> (count - 1 - i)) & 1) === 1)
}
