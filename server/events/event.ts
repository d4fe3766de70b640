import { z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { listRows, madeWithin } from '../api/list-rows.ts'
import type { Listing, Page } from '../api/list-rows.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Mode } from '../access/key.ts'
import { Problem } from '../problem.ts'

/** Something that happened, with the body that tells of it. */
export type Event = {
  merchant_id: string
  id: string
  type: string
  subject_id: string
  version: number
  body: string
  created_at: Date
}

/** An event as the outside sees it: what was posted, byte for byte the same values. */
export const eventSchema = z
  .object({
    id: z.string().openapi({ example: 'evt_0193a6c177b27d0e8f21c4d5e6f70812' }),
    type: z.string().openapi({ example: 'payment.completed' }),
    created_at: z.string().openapi({ format: 'date-time', example: '2026-03-01T10:00:05.000Z' }),
    data: z.record(z.string(), z.unknown()).openapi({
      example: { payment_id: 'pay_0193a6c177b27d0e8f21c4d5e6f70812', status: 'completed', amount: '500.00' },
    }),
  })
  .openapi('Event')

/** Shows an event. */
export function presentEvent({ body }: Event): z.infer<typeof eventSchema> {
  return JSON.parse(body) as z.infer<typeof eventSchema>
}

/** Which event, and of whom. A test key does not see live ones. */
export type EventName = { merchant_id: string; id: string; mode: Mode }

/** What a list of events can be narrowed to. */
export type EventFilter = { type?: string; subject_id?: string; since?: Date; until?: Date }

/** One event. @throws a Problem when there is none of this merchant. */
export async function findEvent(context: Context, { merchant_id, id, mode }: EventName): Promise<Event> {
  const event = await context.database.maybe<Event>(sql`
    select * from events where merchant_id = ${merchant_id} and id = ${id} and ${isVisible(mode)}`)
  return event ?? notFound()
}

/** One page of a merchant's events, newest first. */
export function listEvents(context: Context, listing: Listing<EventFilter>): Promise<Page<Event>> {
  const { merchant_id, mode, filter } = listing
  const where = [
    sql`merchant_id = ${merchant_id}`,
    isVisible(mode),
    ...madeWithin(filter),
    filter.type && sql`type = ${filter.type}`,
    filter.subject_id && sql`subject_id = ${filter.subject_id}`,
  ]
  return listRows<Event>(context, listing, { from: sql`events`, where })
}

function isVisible(mode: Mode): Sql {
  return mode === 'live' ? sql`true` : sql`mode = 'test'`
}

function notFound(): never {
  throw new Problem('not_found', 'There is no such event, or it is not yours.', 'id')
}
