import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { eventTypes } from './event-type.ts'
import type { EventType } from './event-type.ts'

type Noun = EventType extends `${infer Name}.${string}` ? Name : never

/** Which events are asked for: one type, all of a noun, also those that come to be known later, or all. */
export type EventPattern = EventType | `${Noun}.*` | '*'

const nouns = new Set(eventTypes.map((type) => type.split('.', 1)[0] as Noun))

/** Everything that can be asked for. */
export const eventPatterns: EventPattern[] = [...eventTypes, ...[...nouns].map((noun) => `${noun}.*` as const), '*']

/** True, in SQL, where the patterns take an event of this type. Null takes all. */
export function takes(patterns: Sql, type: Sql): Sql {
  return sql`(${patterns} is null or ${patterns} && array[${type}, split_part(${type}, '.', 1) || '.*', '*'])`
}
