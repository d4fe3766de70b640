import { z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { problems } from '../problem.ts'
import { askedAlsoAt } from './asked-also-at.ts'
import { toldEvents } from './event-schemas.ts'
import { exampleOf } from './example.ts'
import type { Schema } from './example.ts'
import { tags } from './tags.ts'

const description = `Lango takes M-Pesa payments and loses none of them.
Authenticate with \`X-API-Key\`. Amounts are shillings: a number or a decimal string in, a decimal string out. Times are ISO 8601 UTC.
In a request, \`null\` means the same as leaving a field out. Lists answer \`Accept: text/csv\` as a stream of all pages.`

type Content = Record<string, { schema?: Schema; example?: unknown; examples?: unknown }>
type Operation = {
  operationId?: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: { in: string; name: string }[]
  requestBody?: { content: Content }
  responses: Record<string, { description: string; content?: Content }>
}
type Paths = Record<string, Record<string, Operation>>

/**
 * The OpenAPI document: what the routes say of themselves, and what is true of all of them by one rule: each has an id by its path
 * and method, an example of what it takes and gives, and the failures that can come. What Lango posts stands under `webhooks`.
 */
export function openApi(api: OpenAPIHono<ApiEnvironment>) {
  for (const [type, event] of Object.entries(toldEvents)) {
    if (!api.openAPIRegistry.definitions.some((one) => one.type === 'webhook' && one.webhook.path === type))
      api.openAPIRegistry.registerWebhook(webhookOf(type, event))
  }
  if (!api.openAPIRegistry.definitions.some((one) => one.type === 'route' && one.route.path === askedAlsoAt.path))
    api.openAPIRegistry.registerPath(askedAlsoAt)
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Lango',
      version: '0.1.0',
      description,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      contact: { name: 'Lango' },
    },
    servers: [{ url: '/v1' }],
    security: [{ apiKey: [] }, { bearer: [] }],
    tags,
  })
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>
  for (const [path, methods] of Object.entries(document.paths as unknown as Paths))
    for (const [method, operation] of Object.entries(methods)) complete(operation, { path, method, schemas })
  return {
    ...document,
    components: {
      ...document.components,
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

type Place = { path: string; method: string; schemas: Record<string, Schema> }

function complete(operation: Operation, { path, method, schemas }: Place): void {
  operation.operationId ??= operationId(method, path, operation)
  for (const parameter of operation.parameters ?? [])
    if (parameter.in === 'header')
      parameter.name = parameter.name.replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase())
  operation.responses = {
    ...operation.responses,
    ...failuresOf(operation, { path, method }),
    default: {
      ...operation.responses['default']!,
      description: 'Something went wrong on our side, or at the provider.',
    },
  }
  const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'))
  for (const content of [operation.requestBody?.content, ...answers.map(([, answer]) => answer.content)])
    for (const media of Object.values(content ?? {}))
      if (media.schema && media.example === undefined && media.examples === undefined)
        media.example = exampleOf(media.schema, schemas)
}

const verbs = new Map(
  Object.entries<string>({ get: 'Get', post: 'Create', put: 'Set', patch: 'Update', delete: 'Delete' }),
)

/** `GET /payments/{id}` is `paymentsGet`, `POST /payments/{id}/check` is `paymentsCheck`: the words of the path, and what is done. */
function operationId(method: string, path: string, { responses }: Operation): string {
  const segments = path.split('/').filter(Boolean)
  const words = segments.filter((segment) => !segment.startsWith('{')).flatMap((segment) => segment.split('-'))
  const isAction = method === 'post' && segments.length > 1 && !responses['201']
  const isList = method === 'get' && dataOf(responses['200'])?.type === 'array'
  const verb = isAction ? '' : isList ? 'List' : verbs.get(method)
  const byWhat = path.endsWith('}') && !path.endsWith('{id}') ? `By${capital(segments.at(-1)!.slice(1, -1))}` : ''
  return words.map((word, index) => (index === 0 ? word : capital(word))).join('') + verb + byWhat
}

function dataOf(answer?: Operation['responses'][string]): Schema | undefined {
  return answer?.content?.['application/json']?.schema?.properties?.['data']
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

const words: Record<number, string> = {
  400: 'The request cannot be understood.',
  401: 'The API key is missing or wrong.',
  403: 'The API key may not do this.',
  404: 'There is no such object, or it is not yours.',
  409: 'The state of the object does not allow this.',
  413: 'The body is too large.',
  422: 'What is asked for cannot be done by the provider or in this environment, or an idempotency key came before with another body.',
  429: 'Too much at once. Retry-After says when to come again.',
}

/** The failures that can come: of every operation, of those that change something, and of those that name an object. */
function failuresOf({ parameters = [], requestBody }: Operation, { path, method }: Omit<Place, 'schemas'>) {
  const changes = method !== 'get'
  const statuses = [
    400,
    401,
    403,
    ...(path.includes('{') || requestBody || parameters.length > 0 ? [404] : []),
    ...(changes ? [409, 413] : []),
    422,
    429,
  ]
  return Object.fromEntries(statuses.map((status) => [String(status), failureOf(status)]))
}

function failureOf(status: number): Operation['responses'][string] {
  const codes = Object.entries(problems).filter(([, [own]]) => own === status)
  const [code, [, message]] = codes[0]!
  const error = { code, message, param: null, request_id: 'req_0193a6c177b27d0e8f21c4d5e6f70812' }
  return {
    description: `${words[status]} By \`error.code\`: ${codes.map(([name]) => `\`${name}\``).join(', ')}.`,
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Failure' },
        example: { success: false, error: { ...error, docs_url: `http://localhost:4000/docs/errors#${code}` } },
      },
    },
  }
}

function webhookOf(type: string, { summary, data }: { summary: string; data: z.ZodType }) {
  const event = z.object({
    id: z.string().openapi({ example: 'evt_0193a6c177b27d0e8f21c4d5e6f70812' }),
    type: z.literal(type),
    created_at: z.string().openapi({ format: 'date-time', example: '2026-03-01T10:00:05.000Z' }),
    data,
  })
  return {
    method: 'post' as const,
    path: type,
    operationId: type.replace(/[._](\w)/g, (_, letter: string) => letter.toUpperCase()),
    tags: ['Events'],
    summary,
    description: 'Posted to every endpoint that asks for it, signed, and again until a 2xx answers.',
    request: { body: { required: true, content: { 'application/json': { schema: event } } } },
    responses: { 200: { description: 'Any 2xx within 15 s is a success.' } },
  }
}
