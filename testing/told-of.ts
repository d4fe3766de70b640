import assert from 'node:assert/strict'
import { sql } from '../server/database/sql.ts'
import { showId } from '../server/id.ts'
import type { Story } from './story.ts'

type Told = { type: string; subject_id: string; body: string }

/** The types of the events that the merchant was told of, in order; those about one payment alone, where it is named. Each subject's are numbered from 1 on. */
export async function toldOf({ context }: Story, paymentId?: string): Promise<string[]> {
  const events = await context.database.query<Told>(sql`select type, subject_id, body from events order by id`)
  const own = events.filter(({ subject_id }) => !paymentId || showId('pay', subject_id) === paymentId)
  for (const ofOne of Map.groupBy(own, ({ subject_id }) => subject_id).values()) {
    const versions = ofOne.map(({ body }) => JSON.parse(body).data.version as number)
    assert.deepEqual(
      versions.sort((left, right) => left - right),
      ofOne.map((_, index) => index + 1),
    )
  }
  return own.map(({ type }) => type)
}
