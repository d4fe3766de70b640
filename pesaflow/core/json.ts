/** A JSON object whose members nobody has looked at yet. */
export type JsonObject = { readonly [key: string]: unknown }

/** Reads JSON, or answers `undefined` for what is none: an HTML page may stand where JSON is expected. */
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

/** A string or number as trimmed text; `undefined` for anything else, the empty string included. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return undefined
  return value.trim() || undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
