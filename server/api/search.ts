import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Condition } from './list-rows.ts'

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

/** So many are few, where nothing else is said: found by an index, and then put in order. */
const fewMax = 3_000

/** A search: what must be asked for it, as parts of a `with`, and the conditions of which a row must meet one. */
export type Search = { given: Sql[]; anyOf: Sql[] }

/**
 * Rows that are found by words or beginnings of which PostgreSQL cannot know how many have them, in two parts that are looked for
 * each by itself. `found` selects their ids by an index: where they are few, that is all of them. Where they are many, they are
 * looked for among the rows in their order, of which the first are soon found, by `isFound`, which must use no index. Few would
 * there be looked for in every row that there is. `name` is that of what is found, in the statement.
 */
export function fewOrMany(
  name: string,
  { found, isFound, max = fewMax }: { found: Sql; isFound: Sql; max?: number },
): Search {
  const few = raw(name)
  return {
    given: [sql`${few} as materialized (${found} limit ${max})`],
    anyOf: [sql`id = any (array(select id from ${few}))`, sql`(select count(*) from ${few}) = ${max} and ${isFound}`],
  }
}

/** Several searches as one. */
export function anyOf(searches: (Search | Condition)[]): Search {
  const all = searches.map((one) => (one && 'given' in one ? one : { given: [], anyOf: one ? [one] : [] }))
  return { given: all.flatMap(({ given }) => given), anyOf: all.flatMap((one) => one.anyOf) }
}

/**
 * Rows by the beginning of a receipt, which names the day of its payment: they lie together, and in the order of a list it would take
 * long to come to those of long ago.
 */
export function byReceipt(ids: Sql, column: 'receipt' | 'provider_receipt', text: string): Search {
  const beginning = beginningOf(text).toUpperCase()
  return fewOrMany('of_receipt', {
    found: sql`${ids} and ${raw(column)} like ${beginning}`,
    isFound: sql`(${raw(column)} || '') like ${beginning}`,
    max: ofReceiptMax,
  })
}

const ofReceiptMax = 20_000

/**
 * The ids of a merchant's rows with a name, to be found by the index of names alone: put together with one of merchants, as PostgreSQL
 * likes to, it would cost more than what it saves.
 */
export function idsNamed(table: 'payments' | 'money_in', merchant_id: string, named: Sql, id = 'id'): Sql {
  return sql`select id from (select ${raw(id)} as id, merchant_id from ${raw(table)} where ${named} offset 0) n
    where merchant_id = ${merchant_id} and id is not null`
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
