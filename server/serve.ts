import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createHttpServer } from './api/http-server.ts'
import { drainSpool } from './callbacks/drain-spool.ts'
import { systemClock } from './clock.ts'
import { configOf } from './config.ts'
import type { Settings } from './settings.ts'
import { createContext } from './create-context.ts'
import type { Context } from './context.ts'
import { bringUpToDate } from './database/bring-up-to-date.ts'
import { startDueLoop } from './database/due.ts'
import { explainDatabase } from './database/explain.ts'
import type { OutageListener } from './database/outage-watch.ts'
import { makePartitions } from './database/partitions.ts'
import { openDatabase } from './database/open.ts'
import type { Database } from './database/sql.ts'
import { claimInstallation } from './database/installation.ts'
import type { Names } from './guarded/names.ts'
import { cannotListen } from './cannot-listen.ts'
import { requireLiveAddressOfAll } from './accounts/live-address.ts'
import { createLog } from './log.ts'
import type { Logger } from './log.ts'
import { serveMetrics } from './metrics/serve-metrics.ts'
import { createNode } from './node.ts'
import { readSecretKey } from './secret.ts'

/** One node of Lango, at work. */
export type Node = {
  /** Where it listens. */
  url: string
  context: Context
  /**
   * Tells the proxy in front, for as long as the settings say; takes no more requests, finishes those in hand and what is under
   * way, and leaves the database. Safe to call again.
   */
  stop: () => Promise<void>
}

export type NodeOptions = {
  settings: Settings
  databaseUrl: string
  secretKey: string
  /** Keys that open what they have sealed, and seal nothing. */
  previousKeys?: string[]
  /** The base URL of the environment `simulator`. A function is asked when the database is up to date and ours. */
  simulatorUrl: string | ((database: Database) => Promise<string>)
  /** Whoever started the database tells when it is away and when it is back, so that the log need not. */
  isDatabaseWatched?: boolean
  /** How the names in merchants' addresses are found: by asking the machine's name servers, unless told otherwise. */
  names?: Names
}

const connectionsPerNode = 12
const patienceMs = 10_000
/** A statement that takes longer is one whose answer will not come: the network lost it, or the database hangs. */
const statementMsMax = 30_000

/**
 * Starts a node: brings the schema up to date, opens the port, and begins the sweeps.
 * @throws a sentence for a person when the database cannot be used or holds another secret key's data, when a live account could
 *   not be told of payments, and when the port cannot be opened.
 */
export async function startNode({ settings, databaseUrl, secretKey, ...options }: NodeOptions): Promise<Node> {
  const log = createLog(settings.LOG_LEVEL)
  const { simulatorUrl, isDatabaseWatched = false, names, previousKeys = [] } = options
  await bringUpToDate(databaseUrl)
  const database = await openDatabase(databaseUrl, {
    connections: connectionsPerNode,
    patienceMs: statementMsMax,
    mayName: settings.DATABASE_NAMED_STATEMENTS,
    isForWriting: true,
    ...(!isDatabaseWatched && tellOutages(log, databaseUrl)),
  })
  try {
    await makePartitions(database, systemClock.now())
    const known = { current: readSecretKey(secretKey), previous: previousKeys.map(readSecretKey) }
    const secretKeys = await claimInstallation(database, known, systemClock.now())
    await requireLiveAddressOfAll(database, settings)
    const simulator = typeof simulatorUrl === 'string' ? simulatorUrl : await simulatorUrl(database)

    const server = createHttpServer(
      { clock: systemClock, publicUrl: () => config.publicUrl, isStopping: () => context.signals.stopping.aborted },
      (request, env) => app.fetch(request, env),
      (path) => takerOf(path),
    )
    const url = await listen(server, settings)
    const config = configOf(settings, { url, secretKeys, simulatorUrl: simulator })
    const context = createContext({ database, log, config, names })
    const { app, takerOf, sweeps } = createNode(context)
    const { METRICS_PORT: port, HOST: host } = settings
    const metrics = port === undefined ? undefined : await serveMetrics(context, { port, host })
    const loop = startDueLoop(context, sweeps)
    let stopping: Promise<void> | undefined
    const stop = async () => {
      context.signals.stop()
      await pause(settings.DRAIN_SECONDS * 1_000)
      metrics?.close()
      await close(server)
      await loop.stop()
      await leaveNothing(context)
      await database.end()
    }
    return { url, context, stop: () => (stopping ??= stop()) }
  } catch (error) {
    await database.end()
    throw error
  }
}

function tellOutages(log: Logger, url: string): OutageListener {
  return {
    onAway: (error) =>
      log.error(
        { because: (explainDatabase(error, url) as Error).message },
        'The database cannot be reached: callbacks are kept on disk, and due work waits.',
      ),
    onBack: () => log.warn('The database is back.'),
  }
}

// What can be moved into the database is, before the node ends. What cannot waits on disk for the next start.
async function leaveNothing(context: Context): Promise<void> {
  try {
    await drainSpool.run(context)
  } catch (error) {
    context.log.warn({ error }, 'The spool could not be emptied; the next start does it.')
  }
}

async function listen(server: Server, { PORT, HOST }: Settings): Promise<string> {
  server.listen(PORT, HOST)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw cannotListen(error, { setting: 'PORT', port: PORT, host: HOST })
  }
  const { port } = server.address() as AddressInfo
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}`
}

// Requests in hand are finished; pages that only listen for news are cut when their time is over.
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const impatient = setTimeout(() => server.closeAllConnections(), patienceMs)
  await closed
  clearTimeout(impatient)
}
