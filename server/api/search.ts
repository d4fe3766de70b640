import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { normalReference } from '../reference.ts'
import type { Way } from './search-rows.ts'

/** The pattern of `like` for whatever begins with a text. */
export function beginningOf(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`
}

/** The beginning of a phone as the tables hold it: a person types 0712…, the table says 254712…. */
export function phoneBeginning(beginning: string): string {
  return beginning.replace(/[ +]/g, '').replace(/^0/, '254')
}

// Every way to a list's rows is in the statement of each search, whatever was typed, so that it is one text with one plan. What no
// row can begin with is null: nothing is looked up for it.

/** Where a search looks: the ids of a merchant's rows, as a query that ends in its conditions, and a column of theirs. */
type Place = { ids: Sql; column: Sql }

/** Rows whose column begins with a text, byte by byte: its index has the operators of patterns. */
export function begins({ ids, column }: Place, beginning: string | null): Way {
  const pattern = beginning === null ? null : beginningOf(beginning)
  return {
    // Said as a range, which a plan for any text can look up.
    ids: sql`${ids} and ${column} ~>=~ ${beginning} and ${column} ~<~ ${beginning === null ? null : after(beginning)}`,
    matches: () => sql`${column} like ${pattern}`,
  }
}

/** The first text behind all that begin with this one. */
function after(beginning: string): string {
  const [, before, character] = /^(.*)(.)$/su.exec(beginning)!
  const last = character!.codePointAt(0)!
  if (last === 0x10ffff) return before === '' ? beginning.repeat(2) : after(before!)
  // Between these two lies what is half a character.
  return before! + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
}

/** Rows by the beginning of a receipt. */
export function byReceipt(place: Place, text: string): Way {
  const beginning = text.toUpperCase()
  return begins(place, /^[A-Z0-9-]{1,40}$/.test(beginning) ? beginning : null)
}

/** Rows by the beginning of a reference in its normal form. */
export function byReference(place: Place, text: string): Way {
  const key = normalReference(text)
  return begins(place, /^[A-Z0-9]+$/.test(key) ? key : null)
}

/** Rows whose phone is this one, or begins so. A whole one is looked up. */
export function byPhone({ ids, column }: Place, text: string): Way {
  const beginning = phoneBeginning(text)
  const whole = /^(?:254)?([17]\d{8})$/.exec(beginning)
  const first = whole ? `254${whole[1]}` : /^\d{0,12}$/.test(beginning) ? beginning : null
  const pattern = whole || first === null ? first : beginningOf(first)
  return {
    // The index is in the order of the database, in which digits are in theirs.
    ids: sql`${ids} and ${column} >= ${first} and ${column} <= ${first === null ? null : first.padEnd(12, '9')}`,
    matches: () => sql`${column} like ${pattern}`,
  }
}

/**
 * Rows by words of a name in their column, of which each begins as one of a text's; undefined where that has none. The ids are found
 * by the index of names alone: put together with one of merchants, as PostgreSQL likes to, it would cost more than what it saves.
 */
export function byName(
  { table, column, merchant_id }: { table: Sql; column: Sql; merchant_id: string },
  text: string,
): Way | undefined {
  const name = namedBy(column, text)
  return (
    name && {
      ids: sql`select id from (select id, merchant_id from ${table} where ${name.indexed} offset 0) n where merchant_id = ${merchant_id}`,
      matches: () => name.seen,
      isOfWords: true,
    }
  )
}

/** That a name in a column has the words of a text, said for its index, and of a row that is looked at; undefined where there are none. */
export function namedBy(column: Sql, text: string): { indexed: Sql; seen: Sql } | undefined {
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu)?.filter((word) => /\p{L}/u.test(word)) ?? []
  if (words.length === 0) return undefined
  const query = words.map((word) => `${word}:*`).join(' & ')
  // To take a name apart takes many times as long as to see that something of it is missing.
  const seen = words.filter((word) => /^[A-Za-z0-9]+$/.test(word)).map((word) => `%${word}%`)
  return {
    indexed: sql`${column} is not null and to_tsvector('simple', ${column}) @@ to_tsquery('simple', ${query})`,
    seen: sql`${column} ilike all (${seen}::text[]) and to_tsvector('simple', ${column} || '') @@ to_tsquery('simple', ${query})`,
  }
}
