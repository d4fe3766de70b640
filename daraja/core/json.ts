/** A JSON object whose members nobody has looked at yet. */
export type JsonObject = { readonly [key: string]: unknown }

/**
 * Reads JSON, or answers `undefined` for what is none: Safaricom's gateway also sends HTML pages and empty bodies. A byte order
 * mark before it is nothing.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

/** The value as an object; `undefined` for anything else, arrays included. */
export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined
}

/** A callback's body as an object, whether it comes parsed or as the text that was posted. */
export function readBody(body: unknown): JsonObject | undefined {
  return asObject(typeof body === 'string' ? parseJson(body) : body)
}

/** One of something, many of it, or none, as a list: Daraja sends a bare object where an array has one element. */
export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === null ? [] : [value]
}

/** A string or number as trimmed text; `undefined` for anything else, the empty string included. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return undefined
  return value.trim() || undefined
}

/** A number, or text that spells one. */
export function asNumber(value: unknown): number | undefined {
  const text = asText(value)
  if (text === undefined) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}

/**
 * A member by its name, whatever its capitals and spaces: Safaricom's pages and its traffic disagree about
 * `ResponseStatus` and `Response Status`, and older traffic has `Originator Conversation ID`.
 */
export function member(object: JsonObject | undefined, name: string): unknown {
  if (object === undefined) return undefined
  if (name in object) return object[name]
  const key = Object.keys(object).find((candidate) => sameName(candidate, name))
  return key === undefined ? undefined : object[key]
}

/** Whether two names are the same but for capitals and spaces. */
export function sameName(one: string, other: string): boolean {
  return one.replace(/\s/g, '').toLowerCase() === other.replace(/\s/g, '').toLowerCase()
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
