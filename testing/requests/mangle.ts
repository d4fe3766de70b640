import fc from 'fast-check'
import { strange } from './generate.ts'

const gone = Symbol('gone')
type Change = [place: number, value: unknown]

/** A JSON value with up to four of its parts, wherever they stand, left out or replaced by something strange. */
export function mangled(value: unknown): fc.Arbitrary<unknown> {
  const change = fc.tuple(fc.nat(), fc.oneof({ weight: 3, arbitrary: strange }, fc.constant<unknown>(gone)))
  return fc.array(change, { maxLength: 4 }).map((changes) => changes.reduce(apply, structuredClone(value)))
}

function apply(whole: unknown, [place, value]: Change): unknown {
  const places = placesIn(whole)
  if (places.length === 0) return whole
  const [holder, name] = places[place % places.length]!
  if (value === gone) delete holder[name]
  else holder[name] = value
  return whole
}

type Holder = Record<string, unknown>

function placesIn(value: unknown): [Holder, string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).flatMap((name) => [
    [value as Holder, name] as [Holder, string],
    ...placesIn((value as Holder)[name]),
  ])
}

/** Bytes with some of them changed, put in, taken out or cut off. */
export function mangledBytes(bytes: Uint8Array): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const piece = fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.constantFrom(...pieces.map((text) => Buffer.from(text))))
  const change = fc.record({ at: fc.nat(), instead: fc.integer({ min: 0, max: 40 }), piece })
  const changes = fc.array(change, { maxLength: 5 })
  const end = fc.option(fc.nat(), { nil: undefined, freq: 4 })
  return fc.tuple(changes, end).map(([all, cut]) => {
    let whole = Buffer.from(bytes)
    for (const { at, instead, piece } of all) {
      const place = whole.length === 0 ? 0 : at % whole.length
      whole = Buffer.concat([whole.subarray(0, place), piece, whole.subarray(place + instead)])
    }
    return Uint8Array.from(cut === undefined ? whole : whole.subarray(0, cut % (whole.length + 1)))
  })
}

const pieces = [
  '"',
  ',',
  ';',
  '\t',
  '\r\n',
  '\n\n',
  '\0',
  '\ufeff',
  '""',
  '1,500.00',
  '-',
  'Receipt No.',
  '=',
  '\u202e',
  '٣',
]
