import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKey } from '../../../server/access/key.ts'
import { scopes } from '../../../server/access/scope.ts'
import { configureAccount } from '../../../server/accounts/configure.ts'
import type { Context } from '../../../server/context.ts'
import { createContext } from '../../../server/create-context.ts'
import { connect } from '../../../server/database/connect.ts'
import { createLog } from '../../../server/log.ts'
import { createMerchant } from '../../../server/merchants/merchant.ts'
import { newSecretKey, readSecretKey } from '../../../server/secret.ts'
import { freePort } from '../../command.ts'
import { createTestDatabase } from '../../database.ts'
import { openNameServer } from '../../name-server.ts'
import type { NameServer } from '../../name-server.ts'
import { storyCredentials } from '../../story.ts'
import { root } from '../../tidy.ts'
import { createProgram } from '../processes/program.ts'

/** One merchant of the street, as they call the API. */
export type Merchant = { call(method: string, path: string, body?: unknown): Promise<any>; key: string }

/** A node, its simulator and its database, each a process of its own, and three merchants who share them. */
export type Street = {
  url: string
  nameServer: NameServer
  merchants: Merchant[]
  said(): string
  end(): Promise<void>
}

const command = join(root, 'cli/lango.mjs')

export async function openStreet(): Promise<Street> {
  const folder = mkdtempSync(join(tmpdir(), 'lango-neighbours-'))
  const enders: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const end = async () => {
    for (const ender of enders.splice(0).reverse()) await ender()
  }
  try {
    const own = await createTestDatabase()
    enders.push(own.drop)
    const nameServer = await openNameServer()
    enders.push(nameServer.close)
    const [port, simulatorPort] = await Promise.all([freePort(), freePort()])
    const simulatorUrl = `http://localhost:${simulatorPort}`
    const url = `http://localhost:${port}`
    const secretKey = newSecretKey()
    const programs = [
      createProgram({
        name: 'simulator',
        argv: [command, 'simulator', '--port', simulatorPort],
        environment: {},
        ready: 'M-Pesa simulator',
        folder,
      }),
      createProgram({
        name: 'node',
        argv: [join(import.meta.dirname, 'node.ts'), nameServer.address],
        environment: {
          DATABASE_URL: own.url,
          LANGO_SECRET_KEY: secretKey,
          LANGO_HOME: folder,
          SIMULATOR_URL: simulatorUrl,
          PORT: port,
          LOG_LEVEL: 'error',
        },
        ready: 'The node is ready.',
        folder,
      }),
    ]
    for (const program of programs) {
      enders.push(program.end)
      await program.start()
    }
    const database = connect(own.url, { connections: 1 })
    enders.push(database.end)
    const context = contextOf(database, { url, secretKey, simulatorUrl })
    const merchants: Merchant[] = []
    for (const shortcode of ['600001', '600002', '600003']) merchants.push(await moveIn(context, url, shortcode))
    const said = () => programs.map((program) => program.said()).join('\n')
    return { url, nameServer, merchants, said, end }
  } catch (error) {
    await end()
    throw error
  }
}

function contextOf(
  database: Context['database'],
  { url, secretKey, simulatorUrl }: { url: string; secretKey: string; simulatorUrl: string },
): Context {
  return createContext({
    database,
    log: createLog('silent'),
    config: {
      publicUrl: url,
      secretKeys: { current: readSecretKey(secretKey), previous: [] },
      darajaUrls: { simulator: simulatorUrl, sandbox: simulatorUrl, live: simulatorUrl },
      trustedProxies: [],
    },
  })
}

async function moveIn(context: Context, url: string, shortcode: string): Promise<Merchant> {
  const { id: merchant_id } = await createMerchant(context, `Duka ${shortcode}`)
  await configureAccount(context, {
    merchant_id,
    provider: 'mpesa',
    environment: 'simulator',
    shortcode,
    till: null,
    type: 'paybill',
    credentials: storyCredentials,
  })
  const { key } = await createKey(context, { merchant_id, name: 'street', mode: 'test', scopes: [...scopes] })
  return {
    key,
    async call(method, path, body) {
      const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
      const response = await fetch(url + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      const answer = (await response.json()) as { success: boolean; data: any }
      if (!answer.success) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
      return answer.data
    },
  }
}
