/** As much of a schema as an example needs. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  example?: unknown
  examples?: unknown[]
  default?: unknown
  format?: string
  pattern?: string
  minimum?: number
  minLength?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}

const depthMax = 6

/** An example of a schema: its own where it has one, else put together from those of its parts. */
export function exampleOf(schema: Schema, schemas: Record<string, Schema>, depth = 0): unknown {
  if (schema.$ref) return exampleOf(schemas[schema.$ref.split('/').at(-1)!]!, schemas, depth + 1)
  const [own] = [schema.example, schema.const, schema.examples?.[0], schema.default, schema.enum?.[0]].filter(
    (value) => value !== undefined,
  )
  if (own !== undefined) return own
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return exampleOf(choices[0]!, schemas, depth)
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, schemas, depth)))
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object') return objectOf(schema, schemas, depth)
  if (type === 'array') return schema.items && depth < depthMax ? [exampleOf(schema.items, schemas, depth + 1)] : []
  return scalars.get(type ?? '')?.(schema) ?? null
}

function objectOf(
  { properties = {} }: Schema,
  schemas: Record<string, Schema>,
  depth: number,
): Record<string, unknown> {
  const members = Object.entries(properties).map(([name, member]) => [name, exampleOf(member, schemas, depth + 1)])
  return Object.fromEntries(members)
}

const scalars = new Map(
  Object.entries<(schema: Schema) => unknown>({
    string: ({ format }) => texts.get(format ?? '') ?? 'text',
    integer: ({ minimum }) => Math.max(1, minimum ?? 1),
    number: ({ minimum }) => Math.max(1, minimum ?? 1),
    boolean: () => true,
  }),
)

const texts = new Map(
  Object.entries<string>({
    'date-time': '2026-03-01T10:00:05.000Z',
    email: 'amina@example.com',
    uri: 'https://shop.example.com/',
  }),
)
