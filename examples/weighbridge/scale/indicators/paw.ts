import type { Indicator } from '../indicator.ts'
import { kilograms } from '../kilograms.ts'
import { statusOf } from '../status.ts'

const gross = /^(ST|US|OL|UL),\s*GS,\s*([-+]?\s*[\d.]+)\s*([a-z]+)$/i

/** A portable axle weigher: one axle at a time, `ST,GS, 0000270kg`. */
export const paw: Indicator = {
  poll: { text: 'W', everyMs: 1000 },
  zero: 'Z',
  read(frame) {
    const [, word, number, unit] = gross.exec(frame.trim()) ?? []
    const kg = number === undefined ? undefined : kilograms(number, unit)
    return kg === undefined ? undefined : { kg, ...statusOf(word) }
  },
}
