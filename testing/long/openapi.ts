import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { listening } from '../listening.ts'
import { root } from '../tidy.ts'
import { excuses } from './excuses.ts'
import { createProject } from './project.ts'
import type { Project } from './project.ts'

const projects: Project[] = []

after(() => {
  for (const project of projects) project.remove()
})

/** A project that has these packages, and the document as the server at `url` gives it. */
async function projectWith(packages: string[], url: string): Promise<Project> {
  const project = await createProject(packages)
  projects.push(project)
  project.write('openapi.json', await (await fetch(`${url}/v1/openapi.json`)).text())
  return project
}

const shop = `
import createClient from 'openapi-fetch'
import type { components, paths, webhooks } from './api.d.ts'

type Payment = components['schemas']['Payment']
type Completed = webhooks['payment.completed']['post']['requestBody']['content']['application/json']

const [baseUrl = '', key = ''] = process.argv.slice(2)
const lango = createClient<paths, 'application/json'>({ baseUrl, headers: { 'X-API-Key': key } })

const made = await lango.POST('/payments', {
  body: { amount: 100, phone: '0708374149', account_reference: 'INV-204' },
  params: { header: { 'Idempotency-Key': 'order-204' } },
})
if (!made.data) throw new Error(made.error.error.message)
const payment: Payment = made.data.data
const got = await lango.GET('/payments/{id}', { params: { path: { id: payment.id } } })
const listed = await lango.GET('/payments', { params: { query: { status: payment.status, limit: 10 } } })
const refused = await lango.POST('/payments', { body: { amount: '100.50', phone: '0708374149' } })
if (!refused.error) throw new Error('Half a shilling was taken.')
const { code, param } = refused.error.error
const ids: string[] | undefined = listed.data?.data.map(({ id }) => id)
console.log(JSON.stringify([got.data?.data.amount, ids?.includes(payment.id), refused.response.status, code, param]))

export const receiptOf = ({ type, data }: Completed): string | null => (type === 'payment.completed' ? data.provider_receipt : null)

// @ts-expect-error: there is no such status.
export const lost = () => lango.GET('/payments', { params: { query: { status: 'lost' } } })
// @ts-expect-error: a payment of nothing.
export const nothing = () => lango.POST('/payments', { body: { phone: '0708374149' } })
// @ts-expect-error: no such code is ever answered.
export const isOdd = refused.error.error.code === 'odd'
`

const options = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  module: 'nodenext',
  target: 'es2023',
  lib: ['es2023', 'dom'],
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
}

test('a client that others make of the document compiles strictly, and calls the server', () =>
  listening(async (url, { merchant }) => {
    const project = await projectWith(['openapi-typescript@7', 'openapi-fetch@0.17', 'typescript@5'], url)
    const succeeds = async (program: string, ...argv: string[]) => {
      const { code, output } = await project.run(program, ...argv)
      assert.equal(code, 0, `${program} ${argv.join(' ')}:\n${output}`)
      return output
    }
    // Else whatever has a default would have to be sent.
    await succeeds('openapi-typescript', 'openapi.json', '--default-non-nullable=false', '--output', 'api.d.ts')
    project.write('shop.ts', shop)
    project.write('tsconfig.json', JSON.stringify({ compilerOptions: options, files: ['shop.ts'] }))
    for (const compiler of [join(root, 'node_modules/typescript/bin/tsc'), 'node_modules/typescript/bin/tsc'])
      await succeeds('node', compiler, '--project', 'tsconfig.json')
    assert.deepEqual(JSON.parse(await succeeds('node', 'shop.ts', `${url}/v1`, merchant.key)), [
      '100.00',
      true,
      400,
      'amount_not_whole',
      'amount',
    ])
  }))

type Warning = { tool: 'redocly' | 'spectral'; rule: string; at: string; message: string }

test('redocly and spectral have nothing to say of the document that is not excused, with a reason', () =>
  listening(async (url) => {
    const project = await projectWith(['@redocly/cli@2', '@stoplight/spectral-cli@6'], url)
    project.write('.spectral.json', JSON.stringify({ extends: ['spectral:oas'] }))
    const warnings = [...(await redocly(project)), ...(await spectral(project))]
    const isSame = (excuse: { tool: string; rule: string; at: string }, { tool, rule, at }: Warning) =>
      excuse.tool === tool && excuse.rule === rule && excuse.at === at
    assert.deepEqual(
      warnings.filter((warning) => !excuses.some((excuse) => isSame(excuse, warning))),
      [],
    )
    const idle = excuses.filter((excuse) => !warnings.some((warning) => isSame(excuse, warning)))
    assert.deepEqual(idle, [], 'What is excused here is complained of no longer.')
  }))

async function redocly(project: Project): Promise<Warning[]> {
  const { output } = await project.run('redocly', 'lint', '--format=json', '--max-problems=1000', 'openapi.json')
  const { problems } = readJson(output) as {
    problems: { ruleId: string; message: string; location: { pointer?: string }[] }[]
  }
  return problems.map(({ ruleId, message, location }) => ({
    tool: 'redocly',
    rule: ruleId,
    at: location[0]?.pointer ?? '',
    message,
  }))
}

async function spectral(project: Project): Promise<Warning[]> {
  const { output } = await project.run('spectral', 'lint', '--format=json', '--quiet', 'openapi.json')
  const found = readJson(output) as { code: string; message: string; path: (string | number)[] }[]
  return found.map(({ code, message, path }) => ({ tool: 'spectral', rule: code, at: path.join('/'), message }))
}

/** What stands between other words of a program. @throws when there is nothing of the kind. */
function readJson(output: string): unknown {
  const [text] = /^(\[|\{)[^]*^(\]|\})|^\[\]/m.exec(output) ?? []
  assert.ok(text, `This is no JSON:\n${output}`)
  return JSON.parse(text)
}
