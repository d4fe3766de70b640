import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'

/** The pattern of `like` for whatever begins with a text. */
export function beginningOf(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`
}

/** The beginning of a phone as the tables hold it: a person types 0712…, the table says 254712…. */
export function phoneBeginning(beginning: string): string {
  return beginning.replace(/[ +]/g, '').replace(/^0/, '254')
}

/** Rows whose phone is this one, or begins so. A whole one is looked up. */
export function hasPhone(text: string): Sql {
  const beginning = phoneBeginning(text)
  const whole = /^(?:254)?([17]\d{8})$/.exec(beginning)
  return whole ? sql`phone = ${`254${whole[1]}`}` : sql`phone like ${phoneBeginning(beginningOf(text))}`
}

/** Rows whose payer's name has words that begin as those of a text; undefined where it has none. */
export function hasPayerName(text: string): Sql | undefined {
  return hasName(raw('payer_name'), text)
}

/** So many are few: found by an index, and then put in order. */
const fewMax = 3_000

/**
 * Rows that are found by words or beginnings of which PostgreSQL cannot know how many have them, in two parts that are looked for
 * each by itself. `found` selects their ids by an index: where they are few, that is all of them. Where they are many, they are
 * looked for among the rows in their order, of which the first are soon found, by `isFound`, which must use no index. Few would
 * there be looked for in every row that there is.
 */
export function fewOrMany(found: Sql, isFound: Sql): Sql[] {
  const few = sql`${found} limit ${fewMax}`
  return [sql`id = any (array(${few}))`, sql`(select count(*) from (${few}) as few) = ${fewMax} and ${isFound}`]
}

/** The payer's name of a row, as no index knows it. */
export const unindexedName = sql`(payer_name || '')`

/** Rows whose column has words that begin as those of a text; undefined where the text has none. */
export function hasName(column: Sql, text: string): Sql | undefined {
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu)?.filter((word) => /\p{L}/u.test(word)) ?? []
  if (words.length === 0) return undefined
  const query = words.map((word) => `${word}:*`).join(' & ')
  return sql`${column} is not null and to_tsvector('simple', ${column}) @@ to_tsquery('simple', ${query})`
}
