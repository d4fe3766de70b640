import { judgedBy, minding, text } from './fields.ts'

/** What an API operator writes beside a request. */
export const remarks = judgedBy(
  'remarks',
  minding(text(100), (value) => [value.length === 1 && 'remarksShort']),
)
