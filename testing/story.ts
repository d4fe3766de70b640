import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSimulator, manualClock, sandboxPasskey } from '../simulator/index.ts'
import type { ManualClock, Simulator, SimulatorOptions } from '../simulator/index.ts'
import { createNode } from '../server/node.ts'
import { createContext } from '../server/create-context.ts'
import type { Parts } from '../server/create-context.ts'
import type { Context } from '../server/context.ts'
import { makePartitions } from '../server/database/partitions.ts'
import { createNames } from '../server/guarded/names.ts'
import { createLog } from '../server/log.ts'
import { configureAccount } from '../server/accounts/configure.ts'
import { createKey } from '../server/access/key.ts'
import { scopes } from '../server/access/scope.ts'
import { createMpesa } from '../server/providers/mpesa/mpesa.ts'
import { createPesaflowProvider } from '../server/providers/pesaflow/pesaflow.ts'
import { createMerchant } from '../server/merchants/merchant.ts'
import { createContract } from './contract.ts'
import type { Contract } from './contract.ts'
import { runFolder } from './setup.ts'
import { storyBeginsAt } from './database.ts'
import { lendDatabase } from './lent-database.ts'

/** A shop, its API key, and the two sides that talk: Lango and the simulator, joined by `fetch` in one process, under one clock. */
export type Story = {
  context: Context
  simulator: Simulator
  clock: ManualClock
  merchant: { id: string; key: string }
  /** Calls the API as the shop. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: any; headers: Headers }>
  /** Asks a phone to pay, and answers the payment. */
  pay(input?: Record<string, unknown>, headers?: Record<string, string>): Promise<any>
  /** The payment as it now is, after everything that is under way has come to rest. */
  payment(id: string): Promise<any>
  /** Runs the sweep of this name once, and answers how much was due. */
  sweep(name: string): Promise<number>
  /** Moves time on, and lets everything come to rest. */
  advance(duration: string | number): Promise<void>
  /** Posts something to Lango as if from the network. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  /** The body of the last callback that the simulator posted, with the path that it was posted to. */
  lastCallback(): { path: string; body: any }
  end(): Promise<void>
}

/** As real money needs it. */
export const publicUrl = 'https://lango.test'
const darajaUrl = 'http://daraja.test'

export const storyCredentials = {
  consumer_key: 'story-key',
  consumer_secret: 'story-secret',
  passkey: sandboxPasskey,
}

/** An API operator with every role. As long as any security credential; the simulator does not read it unless told to. */
export const storyOperator = { initiator: 'testapi', security_credential: `${'A'.repeat(342)}==` }

export type StoryOptions = SimulatorOptions & {
  /** Stands between Lango and its database, or Daraja: to lose what is said there. */
  wrap?: Partial<{
    fetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch
    database(database: Context['database']): Context['database']
  }>
  environment?: 'simulator' | 'sandbox' | 'live'
  /** Who asks for refunds, payouts and statuses; `{}` for an account that has nobody. */
  operator?: Partial<typeof storyOperator>
  /** Where the spool is. */
  home?: string
  /** Providers beside M-Pesa. */
  providers?: Context['providers']
  /** Who is asked for the names in merchants' addresses, as `address:port`; the machine's own name servers by default. */
  nameServers?: string[]
  /** Private networks in which merchants' addresses may lie. */
  allowedNetworks?: string[]
  /** Where a browser finds Lango, and the simulator, if one is to find them. */
  addresses?: { lango: string; simulator: string }
}

/** Sets the stage: a fresh database, a simulator and a shop. A phone, 0708 374 149, pays by itself; the others are answered by the test. */
export async function tell({
  wrap = {},
  environment = 'simulator',
  operator = storyOperator,
  home,
  providers = {},
  nameServers,
  allowedNetworks,
  addresses = { lango: publicUrl, simulator: darajaUrl },
  ...options
}: StoryOptions = {}): Promise<Story> {
  const clock = options.clock ? (options.clock as ManualClock) : manualClock(storyBeginsAt)
  const lent = await lendDatabase()
  const database = wrap.database?.(lent.database) ?? lent.database
  const callbacks: { path: string; body: unknown }[] = []

  const simulator = createSimulator({ seed: 1, ...options, clock, fetch: toLango })
  const toDaraja: typeof fetch = (input, init) => simulator.fetch(new Request(input, init))
  const parts: Parts = {
    database,
    clock,
    fetch: wrap.fetch?.(toDaraja) ?? toDaraja,
    log: createLog('silent'),
    providers: { mpesa: createMpesa(), pesaflow: createPesaflowProvider(), ...providers },
    names: createNames({ clock, servers: nameServers }),
    config: { ...configOf(addresses, home), allowedNetworks },
  }
  const context = createContext(parts)
  const { app, sweeps } = createNode(context)
  async function toLango(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const text = await request.clone().text()
    callbacks.push({ path: new URL(request.url).pathname, body: readBody(text) })
    return app.fetch(request)
  }
  await makePartitions(lent.database, clock.now())

  const merchant = await openShop(context, { environment, operator })

  return {
    context,
    simulator,
    clock,
    merchant,
    ...talkAs(merchant.key, { app, simulator }),
    sweep: (name) => sweeps.find((sweep) => sweep.name === name)!.run(context),
    async advance(duration) {
      await clock.advance(duration)
      await simulator.settled()
    },
    post: postTo(app),
    lastCallback: () => callbacks.at(-1) as { path: string; body: any },
    async end() {
      simulator.close()
      await lent.giveBack()
    },
  }
}

/** A body as it was meant: JSON, or a form as text. */
function readBody(text: string): unknown {
  return /^[[{]/.test(text) ? JSON.parse(text) : text
}

const configOf = ({ lango, simulator }: Required<StoryOptions>['addresses'], home?: string): Parts['config'] => ({
  publicUrl: lango,
  secretKeys: { current: Buffer.alloc(32, 7), previous: [] },
  darajaUrls: { simulator, sandbox: simulator, live: simulator },
  trustedProxies: [],
  home,
})

/** A shop with an M-Pesa account, and a key that may do everything. */
async function openShop(
  context: Context,
  { environment, operator }: Required<Pick<StoryOptions, 'environment' | 'operator'>>,
): Promise<Story['merchant']> {
  const { id: merchant_id } = await createMerchant(context, 'Duka la Mfano')
  await configureAccount(environment === 'live' ? { ...context, actor: 'user:owner', isOwner: true } : context, {
    merchant_id,
    provider: 'mpesa',
    environment,
    shortcode: '174379',
    till: null,
    type: 'paybill',
    credentials: { ...storyCredentials, ...operator },
  })
  const { key } = await createKey(context, {
    merchant_id,
    name: 'story',
    mode: environment === 'live' ? 'live' : 'test',
    scopes: [...scopes],
  })
  return { id: merchant_id, key }
}

type App = ReturnType<typeof createNode>['app']

/** What a shop of this key says to Lango. */
function talkAs(
  key: string,
  { app, simulator }: { app: App; simulator: Simulator },
): Pick<Story, 'call' | 'pay' | 'payment'> {
  const call: Story['call'] = async (method, path, body, headers = {}) => {
    const response = await app.request(path, {
      method,
      headers: { 'X-API-Key': key, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      body: body === undefined || isFile(body) ? body : JSON.stringify(body),
    })
    const answer = await response.json()
    if (!isFile(body)) (await contractOf(app))({ method, path, request: body, status: response.status, answer })
    return { status: response.status, body: answer, headers: response.headers }
  }
  return {
    call,
    async pay(input = {}, headers = {}) {
      const body = { amount: 100, phone: '0712345678', provider: 'mpesa', currency: 'KES', ...input }
      const made = await call('POST', '/v1/payments', body, headers)
      if (made.status !== 201) throw new Error(JSON.stringify(made.body))
      return made.body.data
    },
    async payment(id) {
      await simulator.settled()
      return (await call('GET', `/v1/payments/${id}`)).body.data
    },
  }
}

let contract: Promise<Contract> | undefined

/** What the API says of itself, which is the same in every story. */
function contractOf(app: App): Promise<Contract> {
  contract ??= documentOf(app).then((text) => createContract(JSON.parse(text)))
  return contract
}

/** The document, which the first test file of a run makes for all. */
async function documentOf(app: App): Promise<string> {
  const folder = process.env[runFolder]
  const file = folder && join(folder, 'openapi.json')
  if (file && existsSync(file)) return readFileSync(file, 'utf8')
  const text = await (await app.request('/v1/openapi.json')).text()
  if (file) {
    writeFileSync(`${file}.${process.pid}`, text)
    renameSync(`${file}.${process.pid}`, file)
  }
  return text
}

function isFile(body: unknown): body is string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' || body instanceof Uint8Array
}

const postTo =
  (app: App): Story['post'] =>
  async (path, body, headers = {}) =>
    app.request(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })

/** Tells one story and clears the stage, whatever happens. */
export async function story(options: StoryOptions, plot: (story: Story) => Promise<void>): Promise<void> {
  const told = await tell(options)
  try {
    await plot(told)
  } finally {
    await told.end()
  }
}
