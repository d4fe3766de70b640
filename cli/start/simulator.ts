import { hostname } from 'node:os'
import {
  cannotListen,
  hasLiveAccount,
  inTurn,
  isSameProcess,
  keepOfInstallation,
  recallOfInstallation,
  systemClock,
  thisProcess,
} from '@lango/server'
import type { Database, ProcessName, Settings } from '@lango/server'
import { createSimulator, serveSimulator } from '@lango/simulator'
import type { Simulator } from '@lango/simulator'
import { simulatorFile } from '../home.ts'

/** The simulator of an installation, as one node sees it. */
export type Provided = {
  /** The base URL of the environment `simulator`. */
  url: string
  /** Where its phones and faults are; undefined when there is none. */
  pages: string | undefined
  /** Who runs it: this process, another node on this machine, or somebody whom SIMULATOR_URL names. */
  runBy: 'this node' | 'another node' | 'others'
  /** Lets it answer, and go on with what it remembers. Not before the server listens: what it posts would be lost. */
  begin(): void
  close(): Promise<void>
}

/** What the node that runs the simulator tells the others. */
type Occupant = { machine: string; process: ProcessName; url: string }

/**
 * Finds the simulator of the installation, or opens the port of a new one: a payment that one simulator has asked for, no other
 * knows. The one that another process on this machine runs is used; SIMULATOR_URL is taken as given; and there is none once any
 * account is live.
 */
export async function provideSimulator(database: Database, settings: Settings): Promise<Provided> {
  const { SIMULATOR_URL, SIMULATOR_PORT, MPESA_ENVIRONMENT } = settings
  if (SIMULATOR_URL) return { ...absent, url: SIMULATOR_URL, pages: SIMULATOR_URL }
  if (MPESA_ENVIRONMENT === 'live' || (await hasLiveAccount({ database })))
    return { ...absent, url: `http://localhost:${SIMULATOR_PORT}` }
  let own: Provided | undefined
  try {
    return await inTurn(database, async () => {
      const occupant = await recallOfInstallation<Occupant>(database, 'simulator')
      if (occupant && isAlive(occupant))
        return { ...absent, url: occupant.url, pages: occupant.url, runBy: 'another node' }
      own = await openPort(settings)
      const occupied: Occupant = { machine: hostname(), process: thisProcess(), url: own.url }
      await keepOfInstallation({ database, clock: systemClock }, 'simulator', occupied)
      return own
    })
  } catch (error) {
    await own?.close()
    throw error
  }
}

function isAlive({ machine, process: name }: Occupant): boolean {
  return machine === hostname() && name.pid !== process.pid && isSameProcess(name)
}

/** A simulator that this process does not run. */
const absent = { pages: undefined, runBy: 'others', begin: () => {}, close: async () => {} } as const

async function openPort(settings: Settings): Promise<Provided> {
  const { promise: begun, resolve } = Promise.withResolvers<Simulator>()
  let simulator: Simulator | undefined
  const host = '127.0.0.1'
  const port = settings.SIMULATOR_PORT
  const server = await serveSimulator(
    { fetch: async (input, init) => (await begun).fetch(input, init) },
    { port, host },
  ).catch((error: unknown) => {
    throw cannotListen(error, { setting: 'SIMULATOR_PORT', port, host })
  })
  const url = server.url.replace(host, 'localhost')
  return {
    url,
    pages: url,
    runBy: 'this node',
    begin() {
      // A person looks at the phone before it rings.
      simulator = createSimulator({ answerAfterMs: 600, data: simulatorFile(settings) })
      resolve(simulator)
    },
    async close() {
      await server.close()
      simulator?.close()
    },
  }
}
