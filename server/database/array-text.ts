/** What a cell of a column holds, before it is written down. */
type Value = string | number | Date | null | undefined

const special = /["\\]/g
/** What JSON writes otherwise than an array does. */
const unlikeJson = /[\p{Control}\p{Surrogate}]/u

/**
 * A column as PostgreSQL writes an array: `{"a",NULL,"b"}`. Made where there is time for it, it goes to the database as it is, as the
 * bytes of a text that the statement casts: `` sql`${bytes}::text::int[]` ``.
 */
export function arrayText(values: Value[]): string {
  return `{${values.map(element).join()}}`
}

function element(value: Value): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return `"${value.toISOString()}"`
  // JSON is much faster written, and the same but for these.
  return unlikeJson.test(value) ? `"${value.replace(special, '\\$&')}"` : JSON.stringify(value)
}
