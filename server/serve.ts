import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { ServerType } from '@hono/node-server'
import { drainSpool } from './callbacks/drain-spool.ts'
import { systemClock } from './clock.ts'
import type { Settings } from './config.ts'
import { createContext } from './create-context.ts'
import type { Context } from './context.ts'
import { startDueLoop } from './database/due.ts'
import { migrate } from './database/migrate.ts'
import { makePartitions } from './database/partitions.ts'
import { connect } from './database/sql.ts'
import { claimInstallation } from './database/installation.ts'
import { createLog } from './log.ts'
import { createNode } from './node.ts'
import { readSecretKey } from './secret.ts'

/** One node of Lango, at work. */
export type Node = {
  /** Where it listens. */
  url: string
  context: Context
  /** Takes no more requests, finishes those in hand and what is under way, and leaves the database. Safe to call again. */
  stop: () => Promise<void>
}

export type NodeOptions = { settings: Settings; databaseUrl: string; secretKey: string; simulatorUrl: string }

const connectionsPerNode = 12
const patienceMs = 10_000
/** A statement that takes longer is one whose answer will not come: the network lost it, or the database hangs. */
const statementMsMax = 30_000

/**
 * Starts a node: brings the schema up to date, opens the port, and begins the sweeps.
 * @throws a sentence for a person when the database holds another secret key's data, or the port is taken.
 */
export async function startNode({ settings, databaseUrl, secretKey, simulatorUrl }: NodeOptions): Promise<Node> {
  const log = createLog(settings.LOG_LEVEL)
  await bringUpToDate(databaseUrl)
  const database = connect(databaseUrl, {
    connections: connectionsPerNode,
    patienceMs: statementMsMax,
    onError: (error) => log.warn({ error }, 'PostgreSQL closed a connection.'),
  })
  try {
    await makePartitions(database, systemClock.now())
    const secretKeys = { current: readSecretKey(secretKey), previous: [] }
    await claimInstallation(database, secretKeys.current)

    const server = createAdaptorServer({ fetch: (request, env) => app.fetch(request, env) })
    const url = await listen(server, settings)
    const context = createContext({
      database,
      log,
      config: {
        publicUrl: settings.PUBLIC_URL ?? url.replace('127.0.0.1', 'localhost'),
        callbackBaseUrl: settings.MPESA_CALLBACK_URL,
        secretKeys,
        darajaUrls: { simulator: simulatorUrl, sandbox: settings.MPESA_SANDBOX_URL, live: settings.MPESA_LIVE_URL },
        trustedProxies: settings.TRUSTED_PROXIES,
        allowedNetworks: settings.ALLOWED_NETWORKS,
        home: settings.LANGO_HOME,
      },
    })
    const { app, sweeps } = createNode(context)
    const loop = startDueLoop(context, sweeps)
    let stopping: Promise<void> | undefined
    const stop = async () => {
      context.signals.stop()
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

// A migration takes the time that it takes.
async function bringUpToDate(databaseUrl: string): Promise<void> {
  const database = connect(databaseUrl, { connections: 1 })
  try {
    await migrate(database)
  } finally {
    await database.end()
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

async function listen(server: ServerType, { PORT, HOST }: Settings): Promise<string> {
  server.listen(PORT, HOST)
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
    throw new Error(`Port ${PORT} is taken by another program. Stop it, or set PORT to another port.`)
  }
  const { port } = server.address() as AddressInfo
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}`
}

// Requests in hand are finished; pages that only listen for news are cut when their time is over.
async function close(server: ServerType): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  if ('closeIdleConnections' in server) server.closeIdleConnections()
  const impatient = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), patienceMs)
  await closed
  clearTimeout(impatient)
}
