/** A source of chance: the same seed gives the same numbers; without a seed nobody can foretell them. */
export type Random = {
  /** At least 0, below 1. */
  fraction(): number
  /** A whole number, at least 0 and below the bound. */
  integer(below: number): number
  hex(length: number): string
  text(length: number, alphabet: string): string
}

export function createRandom(seed?: string | number): Random {
  const next = sfc32(seed === undefined ? crypto.getRandomValues(new Uint32Array(4)) : spread(String(seed)))
  const fraction = () => next() / 2 ** 32
  const integer = (below: number) => Math.floor(fraction() * below)
  const text = (length: number, alphabet: string) =>
    Array.from({ length }, () => alphabet[integer(alphabet.length)]).join('')
  return { fraction, integer, text, hex: (length) => text(length, '0123456789abcdef') }
}

/** A fraction that depends on the text alone, so that concurrent requests cannot disturb each other's luck. */
export const fractionOf = (text: string): number => createRandom(text).fraction()

/** sfc32, a small fast generator that passes PractRand: 32 bits at a time. */
function sfc32(state: Uint32Array): () => number {
  let [a = 0, b = 0, c = 0, counter = 1] = state
  const next = () => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + result
    return result >>> 0
  }
  for (let round = 0; round < 12; round++) next()
  return next
}

/** Four words from a text (FNV-1a, one per lane), to start a generator with. */
function spread(text: string): Uint32Array {
  return Uint32Array.from([1, 2, 3, 4], (lane) => {
    let hash = (0x811c9dc5 ^ lane) >>> 0
    for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
    return hash
  })
}
