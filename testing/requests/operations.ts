/** A schema of the OpenAPI document, as far as requests need it. */
export type Schema = {
  type?: string | (string | null)[]
  enum?: unknown[]
  example?: unknown
  format?: string
  maxLength?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  anyOf?: Schema[]
  oneOf?: Schema[]
}

/** One thing that the API does, as its own document tells it. */
export type Operation = {
  method: string
  /** With names in braces: `/v1/payments/{id}`. */
  path: string
  parameters: { name: string; in: 'path' | 'query' | 'header'; schema: Schema }[]
  body?: Schema
}

type Document = { paths: Record<string, Record<string, Described>>; components: { schemas: Record<string, Schema> } }
type Described = {
  parameters?: Operation['parameters']
  /** Of what stands outside of `/v1`. */
  servers?: unknown
  requestBody?: { content: Record<string, { schema: Schema & { $ref?: string } }> }
}

/** Everything that the API does, from its OpenAPI document. */
export function operationsOf({ paths, components }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, servers }]) => {
      const schema = requestBody?.content['application/json']?.schema
      const body = schema?.$ref ? components.schemas[schema.$ref.split('/').at(-1)!] : schema
      return { method: method.toUpperCase(), path: servers ? path : `/v1${path}`, parameters, ...(body && { body }) }
    }),
  )
}
