import fc from 'fast-check'
import type { Operation, Schema } from './operations.ts'

/** A request as it goes over the wire. */
export type Generated = {
  method: string
  path: string
  headers: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
}

const otherKinds = [null, true, false, 0, -1, 0.1, 1e21, Number.MAX_SAFE_INTEGER + 2, '', ' ', [], {}, [[]], { a: {} }]
const oddTexts = [
  '\0',
  '\ud800',
  'a\udfffb',
  '\u202e\ufeff',
  '%',
  '\\',
  "'; --",
  '__proto__',
  '💸'.repeat(60),
  'x'.repeat(5000),
]
const oddNumbers = [
  '100.0',
  '1e3',
  '1,000',
  'KES 5',
  'abc',
  '-5',
  '٣٠',
  '00',
  '254708374149',
  '+254 (0) 712-345-678',
  '07',
]
const oddTimes = [
  '0001-01-01T00:00:00Z',
  '1969-12-31',
  '9999-12-31T23:59:59-14:00',
  '+012026-01-01T00:00:00Z',
  '2026-02-30',
  '2026-11-25T00:00:00 03:00',
  'yesterday',
]
const otherNouns = [
  'pay_0193a6c177b27d0e8f21c4d5e6f70812',
  'inv_0193a6c177b27d0e8f21c4d5e6f70812',
  'pay_',
  'usr_x',
  'UKK7X2M4QA',
]
const oddAddresses = [
  'http://localhost:1/',
  'https://127.0.0.1',
  'https://shop.example/x?y#z',
  'javascript:alert(1)',
  'mpesa',
  'live',
]

/** What a field of the API is not: another kind, another noun, another century, and what no table can hold. */
export const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...otherKinds, ...oddTexts, ...oddNumbers, ...oddTimes, ...otherNouns, ...oddAddresses),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Mostly what the schema asks for, and now and then something else. */
function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 5, arbitrary: fitting(schema) }, { weight: 1, arbitrary: strange })
}

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  const alternatives = schema.oneOf ?? schema.anyOf
  if (alternatives) return fc.oneof(...alternatives.map(fitting))
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.properties) return objectOf(schema)
  const [type] = [schema.type].flat()
  if (type === 'array') return fc.array(valueOf(schema.items ?? {}), { maxLength: 4 })
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer' || type === 'number') return fc.oneof(fc.integer({ min: 0, max: 300_000 }), fc.constant(100))
  if (type === 'object') return fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }))
  if (schema.example !== undefined) return fc.constant(schema.example)
  return fc.string({ maxLength: Math.min(schema.maxLength ?? 30, 300) })
}

function objectOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([name, schema]) => [name, valueOf(schema)] as const)
  const whole = fc.record(Object.fromEntries(members), { requiredKeys: required })
  const another = fc.tuple(whole, fc.string({ maxLength: 12 }), strange)
  return fc.oneof(
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: another.map(([object, name, value]) => ({ ...object, [name]: value })) },
    { weight: 1, arbitrary: fc.record(Object.fromEntries(members), { requiredKeys: [] }) },
  )
}

const oddBodies = [
  '',
  ' ',
  'null',
  '[]',
  '"text"',
  '{',
  '{"amount":1e400}',
  '{"amount":1,"amount":2}',
  '{"phone":"\\ud800"}',
  '{"\\u0000":1}',
  '['.repeat(100_000),
  `{"metadata":${'{"a":'.repeat(60)}1${'}'.repeat(60)}}`,
  `[${'1,'.repeat(400_000)}1]`,
  `{${'"a":1,'.repeat(30_000)}"b":1}`,
]

/** The text of a body: JSON of it, or something that only looks like it. */
export function textOf(value: unknown): fc.Arbitrary<string> {
  const text = JSON.stringify(value) ?? ''
  return fc.oneof(
    { weight: 20, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: fc.nat(text.length).map((length) => text.slice(0, length)) },
    { weight: 1, arbitrary: fc.constantFrom(`\ufeff${text}`, ...oddBodies) },
  )
}

/** Requests to an operation; `known` are ids and receipts that exist, so that some of them are about something. */
export function requestTo(operation: Operation, known: string[] = []): fc.Arbitrary<Generated> {
  const parameters = operation.parameters.map(({ in: place, schema }) => {
    const value =
      known.length > 0 && place === 'path' ? fc.oneof(fc.constantFrom(...known), valueOf(schema)) : valueOf(schema)
    return place === 'path' ? value : fc.option(value, { nil: undefined })
  })
  const body = operation.body === undefined ? fc.constant(undefined) : valueOf(operation.body).chain(textOf)
  const type = fc.oneof(
    { weight: 30, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', 'text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=x'),
    },
  )
  return fc.tuple(fc.tuple(...parameters), body, type).map(([values, text, contentType]) => {
    let { path } = operation
    const query: string[] = []
    const headers: Record<string, string> = {}
    for (const [index, { name, in: place }] of operation.parameters.entries()) {
      const value = values[index]
      if (place === 'path') path = path.replace(`{${name}}`, () => encode(value) || '-')
      else if (value === undefined) continue
      else if (place === 'query') query.push(`${name}=${encode(value)}`)
      else headers[name] = encode(value).slice(0, 300)
    }
    if (text !== undefined && contentType) headers['Content-Type'] = contentType
    return {
      method: operation.method,
      path: query.length > 0 ? `${path}?${query.join('&')}` : path,
      headers,
      ...(text !== undefined && { body: text }),
    }
  })
}

/** A value in an address: one that no address can hold is sent as the bytes of half a character. */
function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80'
}
