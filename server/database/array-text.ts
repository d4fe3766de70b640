/** What a cell of a column can hold, before it is written down. */
export type Scalar = string | number | boolean | Date | Buffer

const special = /["\\]/g
/** What JSON writes otherwise than an array does. */
const unlikeJson = /[\p{Control}\p{Surrogate}]/u

/**
 * A column as PostgreSQL writes an array: `{"a",NULL,"b"}`. Made where there is time for it, it goes to the database as it is, as the
 * bytes of a text that the statement casts: `` sql`${bytes}::text::int[]` ``.
 */
export function arrayText(values: (Scalar | null | undefined)[]): string {
  return `{${values.map(arrayElement).join()}}`
}

/** One cell of such a column. */
export function arrayElement(value: Scalar | null | undefined): string {
  if (value === null || value === undefined) return 'NULL'
  // JSON is much faster written, and the same but for these.
  if (typeof value === 'string')
    return unlikeJson.test(value) ? `"${value.replace(special, '\\$&')}"` : JSON.stringify(value)
  if (value instanceof Date) return isNaN(value.getTime()) ? 'NaN' : value.toISOString()
  return Buffer.isBuffer(value) ? `"\\\\x${value.toString('hex')}"` : String(value)
}
