import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { packAll } from '../../cli/pack.ts'
import type { Tarball } from '../../cli/pack.ts'
import { createSimulator, pesaflowKey, pesaflowSecret, serveSimulator } from '../../simulator/index.ts'
import { freePort } from '../command.ts'
import { openPages } from '../pages.ts'
import { root } from '../tidy.ts'
import { createProject } from './project.ts'
import type { Project } from './project.ts'

const darajaBytesMax = 60_000
const pesaflowBytesMax = 30_000

let tarballs: Tarball[]
const projects: Project[] = []

before(() => {
  tarballs = packAll()
})

after(() => {
  for (const project of projects) project.remove()
})

/** An empty project that has installed these packages of ours from their tarballs, and others from the registry. */
async function projectWith(names: string[], others: string[] = [], node?: string): Promise<Project> {
  const files = names.map((name) => `file:${tarballNamed(name).file}`)
  const project = await createProject([...files, ...others], node)
  projects.push(project)
  return project
}

function tarballNamed(name: string): Tarball {
  const found = tarballs.find((tarball) => tarball.name === name)
  assert.ok(found, `There is no tarball of ${name}.`)
  return found
}

/** The folder of a Node of this version, which npm has. */
async function installNode(version: number): Promise<string> {
  const project = await createProject([`node@${version}`])
  projects.push(project)
  return join(project.folder, 'node_modules', 'node', 'bin')
}

async function succeeds(project: Project, program: string, ...argv: string[]): Promise<string> {
  const { code, output } = await project.run(program, ...argv)
  assert.equal(code, 0, `${program} ${argv.join(' ')}:\n${output}`)
  return output
}

/** Checks a file of the project with the strictest options: by the compiler of this repository, and by the project's own. */
async function compiles(project: Project, file: string, text: string): Promise<void> {
  project.write(file, text)
  const options = {
    strict: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: [],
  }
  project.write('tsconfig.json', JSON.stringify({ compilerOptions: options, files: [file] }))
  for (const compiler of [join(root, 'node_modules/typescript/bin/tsc'), 'node_modules/typescript/bin/tsc'])
    await succeeds(project, 'node', compiler, '--project', 'tsconfig.json')
}

const oldTypeScript = 'typescript@5'

test('each package has its README and licence, its declarations, and no test', async () => {
  const project = await projectWith(tarballs.map(({ name }) => name))
  for (const { name } of tarballs) {
    const folder = join(project.folder, 'node_modules', name)
    for (const file of ['README.md', 'LICENSE']) assert.ok(existsSync(join(folder, file)), `${name} has no ${file}.`)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => !file.includes('node_modules'),
    )
    const stray = files.filter((file) => /\.test\.|fixtures|(?<!\.d)\.ts$/.test(file))
    assert.deepEqual(stray, [], name)
    const { exports = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (exports['.']) assert.ok(existsSync(join(folder, exports['.'].types)), `${name} has no types.`)
  }
})

for (const [name, bytesMax] of [
  ['@lango/daraja', darajaBytesMax],
  ['@lango/pesaflow', pesaflowBytesMax],
] as const) {
  test(`${name} is under ${bytesMax / 1000} KB and needs nothing`, async () => {
    const { bytes } = tarballNamed(name)
    assert.ok(bytes < bytesMax, `It has ${bytes} bytes.`)
    const project = await projectWith([name])
    assert.deepEqual(
      readdirSync(join(project.folder, 'node_modules')).filter((folder) => !folder.startsWith('.')),
      ['@lango'],
    )
  })
}

const payWithDaraja = `
import { createDaraja, parsePhone, parseStkCallback, stkPush } from '@lango/daraja'
import { RESULT_CODES } from '@lango/daraja/result-codes'

const daraja = createDaraja({ baseUrl: process.argv[2], consumerKey: 'key', consumerSecret: 'secret' })
const outcome = await stkPush(daraja, {
  shortcode: '174379', passkey: process.argv[3], type: 'paybill', amount: 100, phone: parsePhone('0708 374 149') ?? '',
  accountReference: 'INV-204', description: 'Order', callbackUrl: 'https://shop.example/in/1f2e',
})
console.log(process.version, outcome.kind, RESULT_CODES.length > 10, parseStkCallback('{}'))
`

const requireThem = `
const { parsePhone } = require('@lango/daraja')
const { verifyWebhook } = require('@lango/client')
console.log(parsePhone('0712 345 678'), typeof verifyWebhook)
`

const billByPesaflow = `
import { checkout, createPesaflow, parseIpn, statusHash } from '@lango/pesaflow'

const credentials = { apiClientId: '1', apiKey: 'k3y', secret: 's3cret' }
const pesaflow = createPesaflow({ ...credentials, baseUrl: process.argv[2], apiKey: process.argv[3], secret: process.argv[4] })
const outcome = await checkout(pesaflow, {
  serviceId: '23', reference: 'B-1', description: 'Fine', amountCents: 10000,
  payer: { name: 'Jane Doe', idNumber: '11111111' },
  notificationUrl: 'https://county.example/in', returnUrls: { success: 'https://county.example/paid' },
})
const ipn = parseIpn('invoice_number=GWLQKD&status=PAID&amount_paid=105.00')
console.log(process.version, outcome.kind, outcome.commissionCents, ipn.paidCents, (await statusHash(credentials, 'ABCDEF')).slice(0, 8))
`

const useClient = `
import { createLango, LangoError, signWebhook, verifyWebhook } from '@lango/client'

const lango = createLango({ url: 'http://localhost:1', key: 'sk_test_1', retries: 0 })
const error = await lango.payments.get('pay_1').catch((thrown) => thrown)
const secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazAmt5BlUXs='
const body = JSON.stringify({ id: 'evt_1', type: 'payment.completed', data: { amount: '100.00' } })
const event = await verifyWebhook(body, await signWebhook(body, secret), secret)
console.log(process.version, error instanceof LangoError, error.code, event.data.amount)
`

const simulate = `
import { createSimulator, manualClock } from '@lango/simulator'

const simulator = createSimulator({ clock: manualClock(), seed: 7 })
simulator.phones.get('0712345678').pay({ shortcode: '600984', amount: 250, reference: 'INV-7' })
await simulator.settled()
console.log(process.version, simulator.ledger.entries.length)
`

test('the simulator works under Node 22', async () => {
  const project = await projectWith(['@lango/simulator'], [], await installNode(22))
  project.write('simulate.js', simulate)
  assert.match(await succeeds(project, 'node', 'simulate.js'), /^v22\..* 1\n$/)
})

for (const version of [20, 22, 24]) {
  test(`daraja, pesaflow and the client work under Node ${version}`, async () => {
    const simulator = createSimulator()
    const { url, close } = await serveSimulator(simulator, { port: 0 })
    try {
      const project = await projectWith(
        ['@lango/daraja', '@lango/pesaflow', '@lango/client'],
        [],
        await installNode(version),
      )
      const passkey = 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919'
      project.write('pay.js', payWithDaraja)
      const paid = await succeeds(project, 'node', 'pay.js', url, passkey)
      assert.match(paid, new RegExp(`^v${version}\\..* accepted true undefined\\n$`))
      assert.equal(simulator.asked('stkpush').length, 1)
      project.write('old.cjs', requireThem)
      assert.equal(await succeeds(project, 'node', '--no-warnings', 'old.cjs'), '254712345678 function\n')
      project.write('bill.js', billByPesaflow)
      const billed = await succeeds(project, 'node', 'bill.js', url, pesaflowKey, pesaflowSecret)
      assert.match(billed, new RegExp(`^v${version}\\..* accepted 500 10500 OGJjNzZl\\n$`))
      project.write('shop.js', useClient)
      const verified = await succeeds(project, 'node', 'shop.js')
      assert.match(verified, new RegExp(`^v${version}\\..* true no_answer 100.00\\n$`))
    } finally {
      await close()
      simulator.close()
    }
  })
}

test('the client works in Bun, in Deno and in a browser', async () => {
  const project = await projectWith(['@lango/client'], ['bun@1', 'deno@2'])
  const script = useClient.replace('process.version, ', '')
  project.write('shop.js', script)
  assert.equal(await succeeds(project, 'bun', 'shop.js'), 'true no_answer 100.00\n')
  assert.equal(await succeeds(project, 'deno', 'run', '--allow-net', 'shop.js'), 'true no_answer 100.00\n')

  const pages = await openPages((request) => {
    const { pathname } = new URL(request.url)
    if (!pathname.endsWith('.js')) return new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } })
    const file = join(project.folder, 'node_modules/@lango/client', pathname)
    return new Response(readFileSync(file), { headers: { 'Content-Type': 'text/javascript' } })
  })
  try {
    const { page } = await pages.visit('/')
    const said = page.waitForEvent('console', (message) => message.text().startsWith('true'))
    await page.addScriptTag({ type: 'module', content: script.replace('@lango/client', '/index.js') })
    assert.equal((await said).text(), 'true no_answer 100.00')
  } finally {
    await pages.close()
  }
})

const watchLoading = `
import { registerHooks } from 'node:module'

const loaded = []
registerHooks({ load: (url, context, next) => (loaded.push(url.split('/').at(-1)), next(url, context)) })
await import('@lango/daraja/stk-push')
console.log(JSON.stringify(loaded))
`

test('importing one API of daraja does not load the others', async () => {
  const project = await projectWith(['@lango/daraja'])
  project.write('watch.js', watchLoading)
  const loaded = JSON.parse(await succeeds(project, 'node', 'watch.js')) as string[]
  assert.ok(loaded.includes('stk-push.js'))
  const apis = readdirSync(join(root, 'daraja'))
    .filter((file) =>
      /^(b2|c2b|pull|reversal|ratiba|bill|account|transaction|tax|stk-query|dynamic|certificates|index)/.test(file),
    )
    .map((file) => file.replace(/\.ts$/, '.js'))
  assert.ok(apis.length > 15)
  assert.deepEqual(
    loaded.filter((file) => apis.includes(file)),
    [],
  )
})

test('the types of daraja, the client and the simulator hold, without any from elsewhere', async () => {
  const project = await projectWith(['@lango/daraja', '@lango/client', '@lango/simulator'], [oldTypeScript])
  await compiles(
    project,
    'shop.ts',
    `
import { createDaraja, stkPush } from '@lango/daraja'
import type { Outcome, StkPushAccepted } from '@lango/daraja'
import { reversal } from '@lango/daraja/reversal'
import { createLango, verifyWebhook } from '@lango/client'
import type { LangoEvent, Payment } from '@lango/client'

const daraja = createDaraja({ environment: 'sandbox', consumerKey: 'key', consumerSecret: 'secret' })
export const push = (): Promise<Outcome<StkPushAccepted>> =>
  stkPush(daraja, {
    shortcode: '174379', passkey: 'p', type: 'paybill', amount: 100, phone: '0712345678',
    accountReference: 'INV-204', description: 'Order', callbackUrl: 'https://shop.example/in/1f2e',
  })
// @ts-expect-error: a push without amount.
export const wrong = () => stkPush(daraja, { shortcode: '174379' })
export const back = typeof reversal

const lango = createLango({ url: 'http://localhost:4000', key: 'sk_test_1' })
export async function sell(): Promise<string | null> {
  const payment: Payment = await lango.payments.create({ amount: 100, phone: '0712345678' })
  for await (const { amount } of lango.payments.list({ status: 'completed' })) if (amount === '100.00') break
  return payment.provider_receipt
}
export async function hear(request: Request): Promise<string> {
  const event: LangoEvent = await verifyWebhook(await request.text(), request.headers, 'whsec_1')
  return event.type === 'payment.failed' ? (event.data.failure?.code ?? '') : event.id
}
`,
  )
  await compiles(
    project,
    'shop.test.ts',
    `
import { createSimulator, manualClock } from '@lango/simulator'
import type { Simulator } from '@lango/simulator'

export const simulator: Simulator = createSimulator({ clock: manualClock(), seed: 7 })
simulator.phones.get('0712345678').approve()
`,
  )
})

test('the types of pesaflow hold, without any from elsewhere', async () => {
  const project = await projectWith(['@lango/pesaflow'], [oldTypeScript])
  await compiles(
    project,
    'bill.ts',
    `
import { checkout, createPesaflow, parseIpn, paymentState, paymentStatus, verifyIpn } from '@lango/pesaflow'
import type { CheckoutAccepted, Outcome, PaymentState } from '@lango/pesaflow'

const pesaflow = createPesaflow({ baseUrl: 'http://localhost:4010', apiClientId: '1', apiKey: 'k', secret: 's' })
export const push = (): Promise<Outcome<CheckoutAccepted>> =>
  checkout(pesaflow, {
    serviceId: '23', reference: 'B-1', description: 'Fine', amountCents: 10000,
    payer: { name: 'Jane Doe', idNumber: '11111111' },
    notificationUrl: 'https://county.example/in', returnUrls: { success: 'https://county.example/paid' },
  })
// @ts-expect-error: a bill without payer.
export const wrong = () => checkout(pesaflow, { serviceId: '23' })
export async function hear(body: string): Promise<PaymentState | undefined> {
  const ipn = parseIpn(body)
  if (!ipn?.invoiceNumber || (await verifyIpn(pesaflow, ipn, 'B')) === 'wrong') return undefined
  const answer = await paymentStatus(pesaflow, ipn.invoiceNumber)
  return answer.kind === 'status' ? paymentState(answer, { amountCents: 10500, currency: 'KES' }) : undefined
}
`,
  )
})

test('the simulator serves tests, and runs by its own command', async () => {
  const project = await projectWith(['@lango/simulator'])
  project.write('example.test.ts', readFileSync(join(root, 'simulator/example.test.ts'), 'utf8'))
  assert.match(await succeeds(project, 'node', '--test', 'example.test.ts'), /pass [1-9]\d*\n/)

  const running = project.start('npx', ['@lango/simulator', '--port', '0'])
  const [, url] = await running.says(/M-Pesa simulator: (\S+)/)
  const phones = (await (await fetch(`${url}/_/phones`)).json()) as { msisdn: string }[]
  assert.ok(phones.some(({ msisdn }) => msisdn === '254712345678'))
  assert.match(await (await fetch(`${url}/phone`)).text(), /<html/)
  await running.stop()
})

test('lango starts, takes a payment and stops', async () => {
  const project = await projectWith(['lango', '@lango/server', '@lango/simulator', '@lango/daraja', '@lango/client'])
  const [PORT, SIMULATOR_PORT] = await Promise.all([freePort(), freePort()])
  const environment = { PORT, SIMULATOR_PORT, LANGO_HOME: join(project.folder, '.lango') }
  const running = project.start('lango', ['start'], environment)
  const [key] = await running.says(/sk_test_\S+(?=[^]*Ctrl-C)/)

  const approved = await fetch(`http://localhost:${SIMULATOR_PORT}/_/phones/254712345678`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auto: 'approve' }),
  })
  assert.equal(approved.status, 200)
  const paid = await project.start('lango', ['pay', '0712345678', '100'], environment).ended
  assert.match(paid.output, /Paid\. [A-Z0-9]{10}/)

  project.write(
    'list.js',
    `
import { createLango } from '@lango/client'
const lango = createLango({ url: 'http://localhost:${PORT}', key: '${key}' })
for await (const { status, amount } of lango.payments.list()) console.log(status, amount)
`,
  )
  assert.equal(await succeeds(project, 'node', 'list.js'), 'completed 100.00\n')
  const { code, output } = await running.stop()
  assert.equal(code, 0, output)
  assert.match(output, /Stopped\. Nothing was lost\./)
})

test('lango refuses an old Node in one sentence', async () => {
  const node = await installNode(20)
  const project = await projectWith(
    ['lango', '@lango/server', '@lango/simulator', '@lango/daraja', '@lango/client'],
    [],
    node,
  )
  const { code, output } = await project.run('lango', 'start')
  assert.equal(code, 1)
  assert.match(output, /^Lango needs Node 24\.12 or newer, and this is v20\.[^\n]*\n$/)
})
