import { join } from 'node:path'
import { connect, createContext, createLog, migrate, readSecretKey, startEmbedded } from '@lango/server'
import type { Context, Settings } from '@lango/server'
import { findRunning, loadSettings, secretKeyOf } from './home.ts'

/** Runs `work` on the installation's database: the one that `lango start` has open, one's own, or the embedded one, started for as long as it takes. */
export async function withInstallation<Result>(
  work: (context: Context, settings: Settings) => Promise<Result>,
  { asItIs = false }: { /** Leaves the schema alone. */ asItIs?: boolean } = {},
): Promise<Result> {
  const settings = loadSettings()
  const known = settings.DATABASE_URL ?? findRunning(settings)?.database_url
  const embedded = known ? undefined : await startEmbedded({ directory: join(settings.LANGO_HOME, 'database') })
  const database = connect(known ?? embedded!.url, { connections: 2 })
  try {
    if (!asItIs) await migrate(database)
    const context = createContext({
      database,
      log: createLog('warn'),
      config: {
        publicUrl: settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`,
        callbackBaseUrl: settings.MPESA_CALLBACK_URL,
        secretKeys: { current: readSecretKey(secretKeyOf(settings)), previous: [] },
        darajaUrls: {
          simulator: settings.SIMULATOR_URL ?? `http://localhost:${settings.SIMULATOR_PORT}`,
          sandbox: settings.MPESA_SANDBOX_URL,
          live: settings.MPESA_LIVE_URL,
        },
        trustedProxies: settings.TRUSTED_PROXIES,
        home: settings.LANGO_HOME,
      },
    })
    return await work({ ...context, actor: 'operator' }, settings)
  } finally {
    await database.end()
    await embedded?.stop()
  }
}
