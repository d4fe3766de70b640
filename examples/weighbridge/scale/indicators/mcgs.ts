import type { Indicator } from '../indicator.ts'
import { kilograms } from '../kilograms.ts'

const weight = /^=?SG([-+]\d+)k[A-Z]?$/

/** MCGS's mobile console: `=SG+0000123kR` without end, often without anything between the frames. */
export const mcgs: Indicator = {
  poll: { text: '\x02A\x03', everyMs: 1000 },
  zero: '\x02D\x03',
  end: /k[A-Z]/g,
  read(frame) {
    const [, number] = weight.exec(frame.trim()) ?? []
    const kg = number === undefined ? undefined : kilograms(number)
    return kg === undefined ? undefined : { kg }
  },
}
