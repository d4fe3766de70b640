import type { Indicator } from '../indicator.ts'
import { kilograms } from '../kilograms.ts'
import { statusOf } from '../status.ts'

const framed = /^Z\dG\s*([1-4])\s+([-+]?\s*[\d.]+)\s*([a-z]+)$/i
const named = /^(?:D(\d)|GVW|TOTAL):\s*([-+]?\s*[\d.]+)\s*([a-z]+)(?:\s+([a-z]+))?\s*$/i

/** Cardinal, deck by deck: `Z1G 2        5500kg` is of the second; `D1:` and `GVW:` say what they are of. */
export const cardinal2: Indicator = {
  poll: { text: '\x05', everyMs: 1000 },
  read(frame) {
    const [, deck, number, unit, word] = framed.exec(frame) ?? named.exec(frame) ?? []
    const meaning = statusOf(word)
    const kg = number === undefined ? undefined : kilograms(number, unit)
    if (kg === undefined || !meaning) return undefined
    return { kg, ...(deck !== undefined && { deck: Number(deck) }), ...meaning }
  },
}
