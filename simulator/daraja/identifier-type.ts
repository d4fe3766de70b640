import { minding, pattern } from './fields.ts'

/** What kind of party a question is about. */
export const identifierType = minding(pattern(/^[124]$/, '4, or in older documents 1 or 2'), (type) => [
  type !== '4' && 'identifier',
])
