import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { normalReference } from '../reference.ts'
import type { Way } from './search-rows.ts'
import { isOfSlice, slicesWithin } from './slices.ts'

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
export type Place = { ids: Sql; column: Sql; isSliced?: true }

/** The place whose index has slices before the column. */
export function sliced({ ids, column }: Place): Place {
  return { ids: sql`${ids} and ${isOfSlice(sql`id`, sql`s.slice`)}`, column, isSliced: true }
}

/** A way to the rows of a place that meet a condition, which its index can look up. */
export function having({ column, ids, ...kind }: Place, condition: (column: Sql) => Sql): Way {
  return { ...kind, ids: sql`${ids} and ${condition(column)}`, matches: () => condition(column) }
}

/** The rows of a way through slices, whichever they are in: a query of their ids. */
export function inEverySlice(table: Sql, merchant_id: string, { ids }: Way): Sql {
  return sql`select i.id from (${slicesWithin(table, merchant_id)} offset 0) s cross join lateral (${ids} offset 0) i`
}

/** Rows whose column begins with a text, byte by byte: its index has the operators of patterns. */
export function begins({ ids, column, ...kind }: Place, beginning: string | null): Way {
  const pattern = beginning === null ? null : beginningOf(beginning)
  return {
    ...kind,
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
export function byPhone({ ids, column, ...kind }: Place, text: string): Way {
  const beginning = phoneBeginning(text)
  const whole = /^(?:254)?([17]\d{8})$/.exec(beginning)
  const first = whole ? `254${whole[1]}` : /^\d{0,12}$/.test(beginning) ? beginning : null
  const pattern = whole || first === null ? first : beginningOf(first)
  return {
    ...kind,
    // The index is in the order of the database, in which digits are in theirs.
    ids: sql`${ids} and ${column} >= ${first} and ${column} <= ${first === null ? null : first.padEnd(12, '9')}`,
    matches: () => sql`${column} like ${pattern}`,
  }
}

/**
 * Rows by words of a name in their column, of which each begins as one of a text's; undefined where that has none. In the index of
 * names there stands before each word whose it is and of which slice, since many share their names. `id` is that of the row sought.
 */
export function byName(
  { table, column, merchant_id, id = sql`id` }: { table: Sql; column: Sql; merchant_id: string; id?: Sql },
  text: string,
): Way | undefined {
  const seen = namedBy(column, text)
  if (!seen) return undefined
  const ofSlice = queryOf(text, `w${merchant_id.slice(-6)}#####`)
  return {
    // Shut off from the merchant, whose rows PostgreSQL would rather read all than believe that few have such a word.
    ids: sql`select id from (select ${id} as id, merchant_id from ${table} where ${column} is not null and ${id} is not null
      and ${indexedWords(column, id)} @@ to_tsquery('simple', replace(${ofSlice}, '#####', s.slice)) offset 0) n where merchant_id = ${merchant_id}`,
    matches: () => seen,
    isSliced: true,
  }
}

/** That a name in a column has the words of a text, of a row that is looked at; undefined where there are none. */
export function namedBy(column: Sql, text: string): Sql | undefined {
  const words = wordsOf(text)
  if (words.length === 0) return undefined
  // To take a name apart takes many times as long as to see that something of it is missing.
  const some = words.filter((word) => /^[A-Za-z0-9]+$/.test(word)).map((word) => `%${word}%`)
  return sql`(${column} ilike all (${some}::text[]) and to_tsvector('simple', ${column} || '') @@ to_tsquery('simple', ${queryOf(text)}))`
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{M}\p{N}]+/gu)?.filter((word) => /\p{L}/u.test(word)) ?? []
}

/** The query of words that begin so, each with something before it. */
function queryOf(text: string, before = ''): string {
  return wordsOf(text)
    .map((word) => `${before}${word}:*`)
    .join(' & ')
}

/** The words of a name as its index has them. */
function indexedWords(column: Sql, id: Sql): Sql {
  return sql`to_tsvector('simple',
    regexp_replace(${column}, '(^|[[:space:][:punct:]]+)', '\\1w' || right(merchant_id::text, 6) || left(${id}::text, 5), 'g'))`
}
