import { hasBadCharacters, isEmpty, text } from './fields.ts'
import type { Field } from './fields.ts'
import type { JudgementName } from './judgements.ts'

type Limit = { documented: number; longer: JudgementName; isTill: (body: Record<string, unknown>) => boolean }

/** What a payment is for. A till has no accounts: it may be empty there. */
export const accountReference = ({ documented, longer, isTill }: Limit): Field<string> => {
  const field = text(20)
  return {
    ...field,
    read: (value, body) => (isEmpty(value) && isTill(body) ? '' : field.read(value, body)),
    minds: (value) => [value === '' && 'referenceOfTill', value.length > documented && longer, hasBadCharacters(value)],
  }
}
