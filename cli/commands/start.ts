import {
  createPatience,
  hasLiveAccount,
  hasNoUsers,
  keyId,
  ownerLink,
  readSecretKey,
  settings,
  startEmbedded,
  startNode,
} from '@lango/server'
import type { Node, Patiently, Settings } from '@lango/server'
import { command } from '../command.ts'
import { announce, databaseFolder, openHome, previousKeysOf, secretKeyOf } from '../home.ts'
import { interruption } from '../interruption.ts'
import { loadSettings } from '../settings.ts'
import { prepareDemo } from '../start/demo.ts'
import { prepareFirstMerchant } from '../start/first-merchant.ts'
import { provideSimulator } from '../start/simulator.ts'
import type { Provided } from '../start/simulator.ts'
import { welcome } from '../start/welcome.ts'

export const start = command({
  summary: 'everything: PostgreSQL, the server, the simulator, a demo merchant',
  about: `It prints links and a test key, and runs until it is interrupted; then it finishes what is in hand. The first start makes
what is missing. Settings are variables of the environment, or members of one object in lango.config.json:

${sentences()}`,
  examples: ['start'],
  async run() {
    const stopping = new AbortController()
    const interrupted = interruption().then(() => stopping.abort())
    const releasers: (() => unknown)[] = []
    const release = async () => {
      for (const stop of releasers.splice(0).reverse()) await stop()
    }
    try {
      await startAll(loadSettings(), { releasers, interrupted: stopping.signal })
    } catch (error) {
      await release()
      throw error
    }
    await interrupted
    console.log('\nFinishing what is in hand …')
    await release()
    console.log('Stopped. Nothing was lost.')
  },
})

function sentences(): string {
  const lines = Object.entries(settings.shape).map(([name, { description }]) => `  ${name.padEnd(25)}  ${description}`)
  return lines.join('\n')
}

type Course = { releasers: (() => unknown)[]; interrupted: AbortSignal }

/** Starts everything, and tells what it does while it does it. What is started is given to `releasers` at once. */
async function startAll(settings: Settings, { releasers, interrupted }: Course): Promise<void> {
  openHome(settings)
  const secretKey = secretKeyOf(settings)
  readSecretKey(secretKey)
  const databaseUrl = settings.DATABASE_URL ?? (await startDatabase(settings, releasers))
  const patiently = createPatience({ url: databaseUrl, tell, interrupted })
  const { node, simulator } = await startParts(settings, { databaseUrl, secretKey, releasers, patiently })
  const { context } = node

  const firstMerchant = await patiently(() => prepareFirstMerchant(context, settings))
  const isLive = await patiently(() => hasLiveAccount(context))
  const demo = isLive ? undefined : await patiently(() => prepareDemo(context, settings, simulator))
  const link = await patiently(async () => ((await hasNoUsers(context)) ? ownerLink(context) : undefined))
  const secret_key = keyId(readSecretKey(secretKey))
  const running = { url: node.url, simulator_url: simulator.pages ?? null, database_url: databaseUrl, secret_key }
  releasers.push(announce(settings, running))

  const url = node.url.replace('127.0.0.1', 'localhost')
  const { publicUrl, callbackBaseUrl = publicUrl } = context.config
  const callbackUrl = callbackBaseUrl === url ? undefined : callbackBaseUrl
  console.log(
    welcome({ url, simulatorUrl: simulator.pages, callbackUrl, demo, firstMerchant, ownerLink: link, isLive }),
  )
}

async function startDatabase(settings: Settings, releasers: (() => unknown)[]): Promise<string> {
  const directory = databaseFolder(settings)
  const embedded = await step('PostgreSQL', () => startEmbedded({ directory, log: tell }))
  releasers.push(embedded.stop)
  return embedded.url
}

function tell(sentence: string): void {
  console.log(`  ${sentence}`)
}

type Basis = { databaseUrl: string; secretKey: string; releasers: (() => unknown)[]; patiently: Patiently }

/** The node and its simulator. On the way down the simulator goes first, for it remembers, and posts when it comes back. */
async function startParts(settings: Settings, { databaseUrl, secretKey, releasers, patiently }: Basis) {
  let [node, simulator]: [Node?, Provided?] = []
  releasers.push(async () => {
    await simulator?.close()
    await node?.stop()
  })
  node = await step('Lango', () =>
    patiently(() =>
      startNode({
        settings,
        databaseUrl,
        secretKey,
        previousKeys: previousKeysOf(settings),
        isDatabaseWatched: !settings.DATABASE_URL,
        simulatorUrl: async (database) => (simulator = await provideSimulator(database, settings)).url,
      }),
    ),
  )
  if (simulator!.runBy === 'this node') await step('The simulator', async () => simulator!.begin())
  else if (simulator!.runBy === 'another node')
    console.log(`The simulator of this installation runs at ${simulator!.url}, and is used.`)
  return { node, simulator: simulator! }
}

async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const startedAt = process.uptime()
  const result = await work()
  console.log(`${name.padEnd(14)} ready in ${(process.uptime() - startedAt).toFixed(1)} s`)
  return result
}
