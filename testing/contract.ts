import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv/dist/2020.js'

type Operation = {
  /** Of what stands outside of `/v1`. */
  servers?: unknown
  requestBody?: { content: Record<string, unknown> }
  responses: Record<string, { content?: Record<string, unknown> }>
}
type Document = { paths: Record<string, Record<string, Operation>> }

/** One call of the API as it went. */
type Call = { method: string; path: string; request?: unknown; status: number; answer: unknown }

/** Holds calls to what an OpenAPI document says. */
export type Contract = (call: Call) => void

const asJson = 'application/json'

/**
 * The contract that an OpenAPI document is: what was taken, and every answer, must be as it says, a failure with one of the statuses
 * that its operation names. What the document does not know, a path for example that leads nowhere, is no matter of it.
 */
export function createContract(document: Document): Contract {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false, allErrors: true })
  ajv.addSchema(document, 'document')
  const compiled = new Map<string, ValidateFunction>()
  const templates = Object.keys(document.paths)
    .map((template) => ({ template, pattern: new RegExp(`^${template.replace(/{\w+}/g, '[^/]+')}$`) }))
    // What is said word for word goes before what a parameter stands for.
    .toSorted((left, right) => left.template.split('{').length - right.template.split('{').length)

  function check(value: unknown, what: string, ...way: string[]): void {
    const pointer = way.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')
    let validate = compiled.get(pointer)
    if (!validate) compiled.set(pointer, (validate = ajv.compile({ $ref: `document#/${encodeURI(pointer)}` })))
    assert.ok(validate(value), `${what} is not what the OpenAPI document says: ${ajv.errorsText(validate.errors)}`)
  }

  return ({ method, path, request, status, answer }) => {
    const own = new URL(path, 'http://lango.test').pathname.replace(/^\/v1/, '')
    const template = templates.find(({ pattern }) => pattern.test(own))?.template
    const operation = template && document.paths[template]![method.toLowerCase()]
    if (!operation) return
    // Whoever has no key there is a provider, and hears what it expects.
    if (operation.servers && !(answer as { data?: unknown } | undefined)?.data) return
    const what = `${method} ${template}`
    const place = ['paths', template, method.toLowerCase()]
    if (status < 300 && request !== undefined && operation.requestBody?.content[asJson])
      check(
        JSON.parse(JSON.stringify(request)),
        `The body of ${what}`,
        ...place,
        'requestBody',
        'content',
        asJson,
        'schema',
      )
    if (status < 500)
      assert.ok(operation.responses[status], `${what} answers ${status}, of which the OpenAPI document knows nothing`)
    const named = operation.responses[status] ? String(status) : 'default'
    check(answer, `The answer ${status} of ${what}`, ...place, 'responses', named, 'content', asJson, 'schema')
  }
}
