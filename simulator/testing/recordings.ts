import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

type Upstream = 'daraja' | 'pesaflow'

/** A recorded body. */
export const fixture = (name: string, upstream: Upstream = 'daraja'): unknown =>
  JSON.parse(readFileSync(new URL(`../../${upstream}/fixtures/${name}.json`, import.meta.url), 'utf8'))

/** A body with its values replaced by their types. Where it says what kind of body it is, it is kept. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape)
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === 'Name' || key === 'Key' ? inner : shape(inner)]),
  )
}

/** Holds a body to the shape of a recorded one: the same keys in the same order, the same JSON types. */
export function assertShape(body: unknown, name: string, upstream: Upstream = 'daraja'): void {
  assert.equal(JSON.stringify(shape(body)), JSON.stringify(shape(fixture(name, upstream))), name)
}

/** What an error says, without its request's id. */
export function words(body: unknown): unknown {
  const { requestId, ...said } = body as Record<string, unknown>
  return { requestId: typeof requestId, ...said }
}
