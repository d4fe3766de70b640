import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  configureAccount,
  createMerchant,
  hasLiveAccount,
  readSecretKey,
  startEmbedded,
  startNode,
} from '@lango/server'
import type { Context, Settings } from '@lango/server'
import { createSimulator, serveSimulator } from '@lango/simulator'
import { prepareDemo } from './demo.ts'
import { forget, keep, loadSettings, runningFile, secretKeyOf } from './home.ts'
import type { Demo } from './home.ts'

/** Starts everything, and tells what it does while it does it. Ctrl-C finishes what is in hand and stops everything. */
export async function run(argv: string[]): Promise<void> {
  parseArgs({ args: argv, options: {} })
  const settings = loadSettings()
  const secretKey = secretKeyOf(settings)
  readSecretKey(secretKey)
  const releasers: (() => unknown)[] = []
  const release = async () => {
    for (const stop of releasers.splice(0).reverse()) await stop()
  }
  try {
    const databaseUrl = settings.DATABASE_URL ?? (await startDatabase(settings, releasers))
    const simulatorUrl = settings.SIMULATOR_URL ?? `http://localhost:${settings.SIMULATOR_PORT}`
    const node = await step('Lango', () => startNode({ settings, databaseUrl, secretKey, simulatorUrl }))
    releasers.push(node.stop)
    await configureFirstMerchant(node.context, settings)
    const isLive = await hasLiveAccount(node.context)
    const simulator =
      isLive || settings.SIMULATOR_URL ? undefined : await step('The simulator', () => startSimulator(settings))
    if (simulator) releasers.push(() => simulator.close())
    const demo = isLive ? undefined : await prepareDemo(node.context, settings)

    const file = runningFile(settings)
    keep(file, { pid: process.pid, url: node.url, simulator_url: simulator?.url ?? null, database_url: databaseUrl })
    releasers.push(() => forget(file))
    console.log(welcome({ url: readable(node.url), simulatorUrl: simulator && readable(simulator.url), demo, isLive }))
  } catch (error) {
    await release()
    throw error
  }
  await untilStopped()
  console.log('\nFinishing what is in hand …')
  await release()
  console.log('Stopped. Nothing was lost.')
}

async function startDatabase({ LANGO_HOME }: Settings, releasers: (() => unknown)[]): Promise<string> {
  const embedded = await step('PostgreSQL', () =>
    startEmbedded({ directory: join(LANGO_HOME, 'database'), log: (sentence) => console.log(`  ${sentence}`) }),
  )
  releasers.push(embedded.stop)
  return embedded.url
}

function startSimulator({ SIMULATOR_PORT }: Settings) {
  // A person looks at the phone before it rings.
  return serveSimulator(createSimulator({ answerAfterMs: 600 }), { port: SIMULATOR_PORT }).catch(
    (error: { code?: string }) => {
      if (error.code !== 'EADDRINUSE') throw error
      throw new Error(
        `Port ${SIMULATOR_PORT} is taken by another program. Stop it, or set SIMULATOR_PORT to another port.`,
      )
    },
  )
}

async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const startedAt = process.uptime()
  const result = await work()
  console.log(`${name.padEnd(14)} ready in ${(process.uptime() - startedAt).toFixed(1)} s`)
  return result
}

/** Sets the account that the environment describes, for the merchant `main`. */
async function configureFirstMerchant(context: Context, settings: Settings): Promise<void> {
  const {
    MPESA_CONSUMER_KEY,
    MPESA_CONSUMER_SECRET,
    MPESA_BUSINESS_SHORT_CODE,
    MPESA_PASS_KEY,
    MPESA_ENVIRONMENT = 'sandbox',
  } = settings
  const given = { MPESA_CONSUMER_KEY, MPESA_CONSUMER_SECRET, MPESA_BUSINESS_SHORT_CODE, MPESA_PASS_KEY }
  if (!Object.values(given).some(Boolean)) return
  const missing = Object.entries(given).find(([, value]) => !value)
  if (missing) throw new Error(`${missing[0]} is missing: the four of ${Object.keys(given).join(', ')} go together.`)
  const merchant = await createMerchant(context, 'main')
  await configureAccount(
    { ...context, actor: 'user:settings' },
    {
      merchant_id: merchant.id,
      provider: 'mpesa',
      environment: MPESA_ENVIRONMENT,
      shortcode: MPESA_BUSINESS_SHORT_CODE!,
      till: null,
      type: 'paybill',
      credentials: {
        consumer_key: MPESA_CONSUMER_KEY!,
        consumer_secret: MPESA_CONSUMER_SECRET!,
        passkey: MPESA_PASS_KEY!,
      },
    },
  )
}

function readable(url: string): string {
  return url.replace('127.0.0.1', 'localhost')
}

type Started = { url: string; simulatorUrl: string | undefined; demo: Demo | undefined; isLive: boolean }

function welcome({ url, simulatorUrl, demo, isLive }: Started): string {
  const links = [
    ...(simulatorUrl
      ? [
          ['Phones', `${simulatorUrl}/phone`],
          ['Faults', `${simulatorUrl}/faults`],
        ]
      : []),
    ['API', `${url}/docs`],
    ...(demo ? [['Test key', demo.key]] : []),
  ].map(([name, value]) => `  ${name!.padEnd(10)} ${value}`)
  const request =
    demo &&
    `
Open the phones, then paste this, and one of them rings:

  curl ${url}/v1/payments -H 'X-API-Key: ${demo.key}' \\
    -H 'Content-Type: application/json' \\
    -d '{"amount": 100, "phone": "0712345678", "account_reference": "INV-204"}'
`
  const note = isLive ? '\nAn account is live: neither the simulator nor the demo merchant was started.' : ''
  return ['', 'Lango is ready.', '', ...links, request ?? '', note, 'Ctrl-C stops everything.']
    .filter((line) => line !== undefined)
    .join('\n')
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
