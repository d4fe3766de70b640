import type { Context } from '../context.ts'
import { Problem } from '../problem.ts'

/**
 * @param said what a page tells the one who would be their own second person
 * @throws a Problem where whoever asks is the person who made what waits for another.
 */
export function requireSecondPerson(
  { actor, person = actor }: Pick<Context, 'actor' | 'person'>,
  made: { person: string; created_by: string },
  said = 'You asked for this. Another of you must approve it.',
): void {
  if (made.person !== person) return
  throw new Problem('second_person_required', {
    said,
    byApi: `It was made by ${made.created_by}. Neither they nor a key of theirs can do this: another person must, who signs in, or has a key that lango keys create made for them.`,
  })
}
