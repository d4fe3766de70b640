import type { Indicator } from '../indicator.ts'
import { kilograms } from '../kilograms.ts'
import { statusOf } from '../status.ts'

const gross = /^G\s+([-+]?\s*[\d.]+)\s*([a-z]+)$/i
const ofScale = /^Scale No:\s*(\d)\s+Weight:\s*([-+]?\s*[\d.]+)\s*([a-z]+)(?:\s+(Stable|Motion|OL|UL))?$/i

/** The 1310: a gross alone, or the weight of each scale that stands under the vehicle. */
export const i1310: Indicator = {
  poll: { text: '\x05', everyMs: 1000 },
  read(frame) {
    const line = frame.trim()
    const [, number, unit] = gross.exec(line) ?? []
    if (number !== undefined) return weight(kilograms(number, unit))
    const [, deck, ofDeck, deckUnit, word] = ofScale.exec(line) ?? []
    if (ofDeck === undefined) return undefined
    return weight(kilograms(ofDeck, deckUnit), { deck: Number(deck), ...statusOf(word) })
  },
}

const weight = (kg: number | undefined, rest = {}) => (kg === undefined ? undefined : { kg, ...rest })
