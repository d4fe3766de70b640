import { ofDecks } from '../indicator.ts'
import type { Indicator } from '../indicator.ts'
import { kilograms } from '../kilograms.ts'
import { statusOf } from '../status.ts'

const frameLength = 90

/** Cardinal: 90 characters. Four decks, total, status and unit are ten wide from 10 on; or stand between commas from the beginning. */
export const cardinal: Indicator = {
  read(frame) {
    // One of another length lost characters, and its fields would be those beside them.
    if (frame.length !== frameLength) return undefined
    const fields = frame.includes(',')
      ? frame.split(',')
      : [10, 20, 30, 40, 50, 60, 70].map((start) => frame.slice(start, start + 10))
    const [one, two, three, four, total = '', word = '', unit = ''] = fields.map((field) => field.trim())
    const read = (text: string) => kilograms(text, unit || 'kg')
    const decksKg = [one, two, three, four].map((deck) => read(deck || '0'))
    // Here U is unstable, where others mean less than nothing.
    const status = statusOf(word === 'U' ? 'US' : word)
    if (decksKg.includes(undefined) || !status) return undefined
    const sum = ofDecks(decksKg as number[], status)
    return { ...sum, kg: read(total) ?? sum.kg }
  },
}
