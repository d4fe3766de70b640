import { readMsisdn } from '../msisdn.ts'
import { readTimestamp } from '../nairobi.ts'
import { mustBe, refused, taken } from './judgements.ts'
import type { JudgementName } from './judgements.ts'

type Body = Record<string, unknown>

/** One field of a request. `read` answers undefined for what Daraja refuses; some fields depend on others of the body. */
export type Field<T> = {
  read(value: unknown, body: Body): T | undefined
  /** What it must be, as the rest of a sentence. */
  expects: string
  /** The name that the refusal gives it, where that is not the field's own. */
  refusedAs?: string
  /** The judgement that a refusal follows, where it has one of its own. */
  judgedBy?: JudgementName
  /** What of a value that is taken is worth a note. */
  minds?(value: T, sent: unknown): (JudgementName | false)[]
  /** Other names that are taken for the field's own. */
  spellings?: Record<string, JudgementName>
}

export type Fields = Record<string, Field<unknown>>
export type Values<F extends Fields> = { [Name in keyof F]: F[Name] extends Field<infer T> ? T : never }

/** The first bad field, as Daraja names it, and why it is bad, as the log tells it. */
type Bad = { bad: string; why: string }

/** Reads the fields in their order, up to the first bad one. `notes` are for the log. */
export function readFields<F extends Fields>(body: Body, fields: F): { values: Values<F>; notes: string[] } | Bad {
  const values: Record<string, unknown> = {}
  const notes: string[] = []
  for (const [name, field] of Object.entries(fields)) {
    const [spelling, spelt] = (!(name in body) && spellingIn(body, field)) || [name]
    const sent = body[spelling]
    const value = field.read(sent, body)
    if (value === undefined) return { bad: field.refusedAs ?? name, why: whyBad(body, name, field) }
    values[name] = value
    if (spelt !== undefined) notes.push(taken(spelt))
    for (const minded of field.minds?.(value, sent) ?? []) if (minded) notes.push(taken(minded, { of: name }))
  }
  return { values: values as Values<F>, notes }
}

const spellingIn = (body: Body, { spellings = {} }: Field<unknown>) =>
  Object.entries(spellings).find(([spelling]) => spelling in body)

function whyBad(body: Body, name: string, { expects, judgedBy }: Field<unknown>): string {
  const why = judgedBy === undefined ? mustBe(name, expects) : refused(judgedBy, { of: name })
  const near = name in body ? undefined : Object.keys(body).find((other) => isNear(name, other))
  return near === undefined ? why : `${why} The request has ${near} in its place.`
}

/** Whether two names differ in the order of letters, in capitals and blanks, or in that one goes on where the other ends. */
function isNear(name: string, other: string): boolean {
  const letters = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '')
  const sorted = (text: string) => text.split('').sort().join('')
  const [one, two] = [letters(name), letters(other)]
  return two.length > 2 && (one.startsWith(two) || two.startsWith(one) || sorted(one) === sorted(two))
}

const written = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined

/** Text or a number that a pattern matches. */
export const pattern = (pattern: RegExp, expects: string): Field<string> => ({
  expects,
  read(value) {
    const text = written(value)
    return text !== undefined && pattern.test(text) ? text : undefined
  },
})

/** 5 to 7 digits, as a number or as text; also where a till goes. */
export const shortcode = pattern(/^\d{5,7}$/, '5 to 7 digits')

/** `254` and nine digits, as a number or as text. Daraja does not put other spellings right. */
export const msisdn: Field<string> = {
  expects: '254 and nine digits, without a plus',
  read(value) {
    const text = written(value)
    return text !== undefined && /^254\d{9}$/.test(text) ? readMsisdn(text) : undefined
  },
}

/** Whole shillings, at least 1; the upper limits are answered later, by result code. */
export const wholeShillings: Field<number> = {
  expects: 'whole shillings, 1 at least',
  read(value) {
    const text = written(value)
    return text !== undefined && /^\d{1,9}$/.test(text) && Number(text) >= 1 ? Number(text) : undefined
  },
}

/** Text that is there, numbers included, within a length. */
export const text = (lengthMax: number): Field<string> => ({
  expects: `text of 1 to ${lengthMax} characters`,
  read(value) {
    const found = written(value)?.trim()
    return found !== undefined && found !== '' && found.length <= lengthMax ? found : undefined
  },
})

export const oneOf = <Value extends string>(...values: Value[]): Field<Value> => ({
  expects: values.join(' or '),
  read: (value) => values.find((allowed) => allowed === value),
})

/** Base64, and with the blanks in it that some encoders break its lines with. */
export const base64 = (pattern: RegExp): Field<string> => ({
  expects: 'base64',
  read(value) {
    const found = written(value)?.replaceAll(/\s/g, '')
    return found !== undefined && pattern.test(found) ? found : undefined
  },
  minds: (_value, sent) => [/\s/.test(String(sent)) && 'blanks'],
})

/** base64 of short code, passkey and timestamp. */
export const password = base64(/^[A-Za-z0-9+/]+={0,2}$/)

/** `yyyyMMddHHmmss` of a real date. */
export const darajaTimestamp: Field<string> = {
  expects: 'yyyyMMddHHmmss of a real date',
  read(value) {
    const found = written(value)
    return found !== undefined && readTimestamp(found) !== undefined ? found : undefined
  },
}

/** An http or https address. */
export const address: Field<string> = {
  expects: 'an http or https address',
  read: (value) => (typeof value === 'string' && isAddress(value) ? value : undefined),
}

/** An object that has fields itself. Whichever of them is bad, the refusal names this one. */
export const within = <F extends Fields>(fields: F): Field<Values<F>> => ({
  expects: `an object of ${Object.entries(fields)
    .map(([name, { expects }]) => `${name}, ${expects}`)
    .join('; ')}`,
  read(value) {
    if (typeof value !== 'object' || value === null) return undefined
    const read = readFields({ ...value }, fields)
    return 'values' in read ? read.values : undefined
  },
})

/** A field that may be missing, null or empty; null then. */
export const optional = <T>(field: Field<T>): Field<T | null> => ({
  ...field,
  read: (value, body) => (isEmpty(value) ? null : field.read(value, body)),
  minds: (value, sent) => (value === null ? [] : (field.minds?.(value, sent) ?? [])),
})

export const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''

/** The same field, refused under another name. */
export const refusedAs = <T>(name: string, field: Field<T>): Field<T> => ({ ...field, refusedAs: name })

/** The same field, with a judgement of its own for refusing it. */
export const judgedBy = <T>(name: JudgementName, field: Field<T>): Field<T> => ({ ...field, judgedBy: name })

/** The same field, with what is worth a note in a good value. */
export const minding = <T>(field: Field<T>, minds: (value: T) => (JudgementName | false)[]): Field<T> => ({
  ...field,
  minds,
})

/** The same field, which also goes by another name. */
export const alsoSpelt = <T>(spelling: string, name: JudgementName, field: Field<T>): Field<T> => ({
  ...field,
  spellings: { [spelling]: name },
})

/** The characters that make real payments fail silently. */
export const hasBadCharacters = (value: string): JudgementName | false => /[@#&]/.test(value) && 'characters'

function isAddress(value: string): boolean {
  const url = URL.parse(value)
  // Placeholders such as https://<host>/path parse in some engines, and Daraja refuses them.
  return url !== null && /^https?:$/.test(url.protocol) && !/[\s<>]/.test(value)
}
