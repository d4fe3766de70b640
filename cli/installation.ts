import {
  bringUpToDate,
  claimInstallation,
  configOf,
  openDatabase,
  createContext,
  createLog,
  explainDatabase,
  findMerchant,
  listMerchants,
  readSecretKey,
  startEmbedded,
} from '@lango/server'
import type { Context, Merchant, Settings } from '@lango/server'
import { hint } from './hint.ts'
import { databaseFolder, findRunning, isInstalled, previousKeysOf, secretKeyOf } from './home.ts'
import { loadKnownSettings } from './settings.ts'

/** Runs `work` on the installation's database, as whoever runs this machine. The schema is brought up to date first. */
export function withInstallation<Result>(
  work: (context: Context, settings: Settings) => Promise<Result>,
): Promise<Result> {
  return withDatabase(async (url, settings) => {
    await bringUpToDate(url)
    return onDatabase(url, settings, async (context) => {
      await claimInstallation(context.database, context.config.secretKeys, context.clock.now())
      return work(context, settings)
    })
  })
}

/** The same, with everything left as it is. */
export function lookAtInstallation<Result>(work: (context: Context) => Promise<Result>): Promise<Result> {
  return withDatabase((url, settings) => onDatabase(url, settings, work))
}

/** The database that `lango start` has open, one's own, or the embedded one, started for as long as it takes. */
export async function withDatabase<Result>(
  work: (url: string, settings: Settings) => Promise<Result>,
): Promise<Result> {
  const settings = loadKnownSettings()
  if (!isInstalled(settings))
    throw new Error(
      `There is no Lango in ${settings.LANGO_HOME} yet. Make one with ${hint('start')}, or set LANGO_HOME to where it is.`,
    )
  const known = settings.DATABASE_URL ?? findRunning(settings)?.database_url
  const embedded = known ? undefined : await startEmbedded({ directory: databaseFolder(settings) })
  try {
    return await work(known ?? embedded!.url, settings)
  } catch (error) {
    throw explainDatabase(error, known ?? embedded!.url)
  } finally {
    await embedded?.stop()
  }
}

/** Runs `work` on a database that is there, with everything left as it is. */
export async function onDatabase<Result>(
  url: string,
  settings: Settings,
  work: (context: Context) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase(url, { connections: 2 })
  try {
    const context = createContext({
      database,
      log: createLog('warn'),
      config: configOf(settings, {
        url: `http://localhost:${settings.PORT}`,
        secretKeys: {
          current: readSecretKey(secretKeyOf(settings)),
          previous: previousKeysOf(settings).map(readSecretKey),
        },
        simulatorUrl:
          settings.SIMULATOR_URL ??
          findRunning(settings)?.simulator_url ??
          `http://localhost:${settings.SIMULATOR_PORT}`,
      }),
    })
    return await work({ ...context, actor: 'user:operator', isOwner: true })
  } finally {
    await database.end()
  }
}

/** The option that names a merchant. */
export const merchantOption = { takes: '<id|name>', what: 'whose it is, such as demo', isNeeded: true } as const

/** The merchant of this id or name. @throws a sentence that names those that there are. */
export async function requireMerchant(context: Context, idOrName: string): Promise<Merchant> {
  const merchant = await findMerchant(context, idOrName)
  if (merchant) return merchant
  const names = (await listMerchants(context)).map(({ name }) => name)
  const list =
    names.length === 0
      ? 'There is none yet'
      : `There are: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ' …' : ''}`
  throw new Error(`There is no merchant "${idOrName}". ${list}.`)
}
