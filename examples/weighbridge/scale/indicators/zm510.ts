import type { Indicator } from '../indicator.ts'
import { kilograms } from '../kilograms.ts'
import { statusOf } from '../status.ts'

const fiveNumbers = /^\s*(\d+),\s*(\d+),\s*(\d+),\s*(\d+),\s*(\d+)\s*$/
const gross = /^G([SU]),\s*([-+]?\s*[\d.]+)\s*,\s*([a-z]+)\s*$/i

/** Avery Weigh-Tronix ZM 510: four decks and the gross, or the gross alone. Net weights and tares are no weight of a truck. */
export const zm510: Indicator = {
  poll: { text: 'W', everyMs: 1000 },
  read(frame) {
    const beyond = /^(OL|UL)\b/.exec(frame)
    if (beyond) return { kg: 0, ...statusOf(beyond[1]) }
    const five = fiveNumbers.exec(frame)?.slice(1).map(Number)
    if (five) return { kg: five[4]!, decksKg: five.slice(0, 4) }
    const [, state, number, unit] = gross.exec(frame) ?? []
    const kg = number === undefined ? undefined : kilograms(number, unit)
    return kg === undefined ? undefined : { kg, isStable: state!.toUpperCase() === 'S' }
  },
}
