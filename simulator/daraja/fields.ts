import { readMsisdn } from '../msisdn.ts'
import { readTimestamp } from '../nairobi.ts'

/** One field of a request. `read` answers undefined for what Daraja refuses. */
export type Field<T> = {
  read(value: unknown): T | undefined
  /** The name that the refusal gives it, where that is not the field's own. */
  refusedAs?: string
}

export type Fields = Record<string, Field<unknown>>
export type Values<F extends Fields> = { [Name in keyof F]: F[Name] extends Field<infer T> ? T : never }

/** Reads the fields in their order. The first bad one is named, as Daraja names it. */
export function readFields<F extends Fields>(
  body: Record<string, unknown>,
  fields: F,
): { values: Values<F> } | { bad: string } {
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = field.read(body[name])
    if (value === undefined) return { bad: field.refusedAs ?? name }
    values[name] = value
  }
  return { values: values as Values<F> }
}

const written = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined

const matching = (pattern: RegExp): Field<string> => ({
  read(value) {
    const text = written(value)
    return text !== undefined && pattern.test(text) ? text : undefined
  },
})

/** 5 to 7 digits, as a number or as text; also where a till goes. */
export const shortcode = matching(/^\d{5,7}$/)

/** `254` and nine digits, as a number or as text. Daraja does not put other spellings right. */
export const msisdn: Field<string> = {
  read(value) {
    const text = written(value)
    return text !== undefined && /^254\d{9}$/.test(text) ? readMsisdn(text) : undefined
  },
}

/** Whole shillings, at least 1; the upper limits are answered later, by result code. */
export const wholeShillings: Field<number> = {
  read(value) {
    const text = written(value)
    return text !== undefined && /^\d{1,9}$/.test(text) && Number(text) >= 1 ? Number(text) : undefined
  },
}

/** Text that is there, numbers included, within a length. */
export const text = (lengthMax: number): Field<string> => ({
  read(value) {
    const found = written(value)?.trim()
    return found !== undefined && found !== '' && found.length <= lengthMax ? found : undefined
  },
})

export const oneOf = <Value extends string>(...values: Value[]): Field<Value> => ({
  read: (value) => values.find((allowed) => allowed === value),
})

/** Base64 of something. */
export const base64 = matching(/^[A-Za-z0-9+/]+={0,2}$/)

/** `yyyyMMddHHmmss` of a real date. */
export const darajaTimestamp: Field<string> = {
  read(value) {
    const found = written(value)
    return found !== undefined && readTimestamp(found) !== undefined ? found : undefined
  },
}

/** An http or https address. */
export const address: Field<string> = {
  read: (value) => (typeof value === 'string' && isAddress(value) ? value : undefined),
}

export const pattern = matching

/** An object that has fields itself. Whichever of them is bad, the refusal names this one. */
export const within = <F extends Fields>(fields: F): Field<Values<F>> => ({
  read(value) {
    if (typeof value !== 'object' || value === null) return undefined
    const read = readFields({ ...value }, fields)
    return 'values' in read ? read.values : undefined
  },
})

/** A field that may be missing, null or empty; null then. */
export const optional = <T>(field: Field<T>): Field<T | null> => ({
  ...field,
  read: (value) => (value === undefined || value === null || value === '' ? null : field.read(value)),
})

/** The same field, refused under another name. */
export const refusedAs = <T>(name: string, field: Field<T>): Field<T> => ({ ...field, refusedAs: name })

function isAddress(value: string): boolean {
  const url = URL.parse(value)
  // Placeholders such as https://<host>/path parse in some engines, and Daraja refuses them.
  return url !== null && /^https?:$/.test(url.protocol) && !/[\s<>]/.test(value)
}
