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

/** Rows whose column has words that begin as those of a text; undefined where the text has none. */
export function hasName(column: Sql, text: string): Sql | undefined {
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu)?.filter((word) => /\p{L}/u.test(word)) ?? []
  if (words.length === 0) return undefined
  const query = words.map((word) => `${word}:*`).join(' & ')
  return sql`${column} is not null and to_tsvector('simple', ${column}) @@ to_tsquery('simple', ${query})`
}
