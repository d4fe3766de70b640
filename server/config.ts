import { addressesOf } from './addresses.ts'
import type { Environment } from './providers/names.ts'
import type { SecretKeys } from './secret.ts'
import type { Settings } from './settings.ts'

/** What an installation is set to, as verbs read it. Made from the settings at start; a test writes its own. */
export type Config = {
  /** The address at which providers and payers reach this server, without a slash at its end. */
  publicUrl: string
  /** Another address for callbacks, a tunnel's for example. */
  callbackBaseUrl?: string
  secretKeys: SecretKeys
  /** The base URL of each environment's Daraja. */
  darajaUrls: Record<Environment, string>
  trustedProxies: string[]
  /** Private networks in which the addresses that merchants give may lie. None by default. */
  allowedNetworks?: string[]
  /** The SMTP server, with its password: never to be shown. Without it mail is kept. */
  smtpUrl?: string
  /** The address that mail comes from. */
  smtpFrom?: string
  /** For how many whole months bodies of callbacks are kept; for ever without it. */
  callbacksKeptMonths?: number
  /** Where the spool is. Without a home a node keeps no spool. */
  home?: string
}

/** What the settings say, for a node that listens at `url`. */
export function configOf(
  settings: Settings,
  { url, secretKeys, simulatorUrl }: { url: string; secretKeys: SecretKeys; simulatorUrl: string },
): Config {
  const { MPESA_SANDBOX_URL, MPESA_LIVE_URL, TRUSTED_PROXIES, ALLOWED_NETWORKS, LANGO_HOME } = settings
  return {
    ...addressesOf(settings, url.replace('127.0.0.1', 'localhost')),
    secretKeys,
    darajaUrls: { simulator: simulatorUrl, sandbox: MPESA_SANDBOX_URL, live: MPESA_LIVE_URL },
    trustedProxies: TRUSTED_PROXIES,
    allowedNetworks: ALLOWED_NETWORKS,
    home: LANGO_HOME,
    ...(settings.CALLBACKS_KEPT_MONTHS && { callbacksKeptMonths: settings.CALLBACKS_KEPT_MONTHS }),
    ...(settings.SMTP_URL && { smtpUrl: settings.SMTP_URL }),
    ...(settings.SMTP_FROM && { smtpFrom: settings.SMTP_FROM }),
  }
}
