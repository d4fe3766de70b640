import { UsageError } from './command.ts'

/** How many a list shows. */
export const limitOption = { takes: '<n>', what: 'how many, 1 to 100; 20 by default' } as const

export function readLimit(text = '20'): number {
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit
  throw new UsageError('Give --limit as a number from 1 to 100.')
}
