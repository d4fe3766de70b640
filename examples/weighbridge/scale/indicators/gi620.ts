import type { Indicator } from '../indicator.ts'
import { kilograms } from '../kilograms.ts'

const weight = /^\$\s+(-?\d+)\s+\d+\s+\d+$/

/** Giropes GI620: `$    100       0 830`, of which the first is the weight; the others are the device's own. */
export const gi620: Indicator = {
  read(frame) {
    const [, number] = weight.exec(frame.trim()) ?? []
    const kg = number === undefined ? undefined : kilograms(number)
    return kg === undefined ? undefined : { kg }
  },
}
