import { isIP } from 'node:net'
import { z } from 'zod'
import { complaintOfPrivate } from './networks.ts'
import type { Environment } from './providers/names.ts'
import type { SecretKeys } from './secret.ts'

const port = z.coerce.number().int().min(0).max(65_535)
const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

/** The words that Safaricom refuses in a callback URL, in any case. Source: Safaricom's portal, C2B register URL. */
export const forbiddenWords = ['m-pesa', 'mpesa', 'safaricom', 'exe', 'exec', 'cmd', 'sql', 'query']

const publicUrl = httpUrl.refine(
  (url) => !forbiddenWords.some((word) => url.toLowerCase().includes(word)),
  `must not contain a word that Safaricom refuses in a callback URL (${forbiddenWords.join(', ')})`,
)

const addresses = z.string().transform((text, context) => {
  const list = entriesOf(text)
  const bad = list.find((entry) => isIP(entry.split('/')[0]!) === 0)
  if (bad) context.addIssue({ code: 'custom', message: `has "${bad}", which is no address and no CIDR` })
  return list
})

const networks = z.string().transform((text, context) => {
  const list = entriesOf(text)
  const bad = list.find(complaintOfPrivate)
  if (bad) context.addIssue({ code: 'custom', message: `has "${bad}", which ${complaintOfPrivate(bad)}` })
  return list
})

function entriesOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
}

/** Every setting: its form, its default where one is safe, and one sentence. */
export const settings = z.strictObject({
  PORT: port.default(4000).describe('The port of the API, the checkout and the dashboard.'),
  SIMULATOR_PORT: port.default(4010).describe('The port of the Daraja simulator.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('The address to listen on; 0.0.0.0 for every one.'),
  PUBLIC_URL: publicUrl.optional().describe('The address at which Safaricom and payers reach this server.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('A PostgreSQL (15 to 18) of your own; without it an embedded one is used.'),
  LANGO_HOME: z
    .string()
    .min(1)
    .default('./.lango')
    .describe('Where the embedded database, the secret key and the spool live.'),
  LANGO_SECRET_KEY: z
    .string()
    .optional()
    .describe('64 hex digits; required with DATABASE_URL, else made on the first start.'),
  SIMULATOR_URL: httpUrl.optional().describe('The base URL of the environment "simulator".'),
  MPESA_SANDBOX_URL: httpUrl
    .default('https://sandbox.safaricom.co.ke')
    .describe('The base URL of the environment "sandbox".'),
  MPESA_LIVE_URL: httpUrl.default('https://api.safaricom.co.ke').describe('The base URL of the environment "live".'),
  TRUSTED_PROXIES: addresses.default([]).describe('Addresses and CIDRs of the proxies in front, separated by commas.'),
  ALLOWED_NETWORKS: networks
    .default([])
    .describe("Private networks, as CIDRs separated by commas, in which merchants' addresses may lie; else none may."),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('Where mail is handed in; without it mail stays in the outbox.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('How much is logged.'),
  MPESA_CONSUMER_KEY: z.string().min(1).optional().describe("The first merchant's consumer key at Daraja."),
  MPESA_CONSUMER_SECRET: z.string().min(1).optional().describe("The first merchant's consumer secret."),
  MPESA_BUSINESS_SHORT_CODE: z
    .string()
    .regex(/^\d{5,7}$/, 'must be 5 to 7 digits')
    .optional()
    .describe("The first merchant's short code."),
  MPESA_PASS_KEY: z.string().min(1).optional().describe("The first merchant's passkey for STK push."),
  MPESA_ENVIRONMENT: z.enum(['simulator', 'sandbox', 'live']).optional().describe("The first merchant's environment."),
  MPESA_CALLBACK_URL: publicUrl.optional().describe('Another host for callbacks than PUBLIC_URL.'),
})

export type Settings = z.infer<typeof settings>

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
  /** Where the spool is. Without a home a node keeps no spool. */
  home?: string
}

/** The settings that begin like ours: a misspelt one of these is told, where any other variable is not our business. */
const ours = /^(LANGO_|MPESA_|SIMULATOR_)/

/**
 * Reads the settings: the environment first, then `lango.config.json`.
 * @throws with one sentence for a person, naming the setting and what to do.
 */
export function readSettings(
  environment: Record<string, string | undefined>,
  file: Record<string, unknown> = {},
): Settings {
  const known = Object.keys(settings.shape)
  const unknown = [
    ...Object.keys(file).filter((name) => !known.includes(name)),
    ...Object.keys(environment).filter((name) => ours.test(name) && !known.includes(name)),
  ][0]
  if (unknown) throw new Error(`Unknown setting ${unknown}. Remove it, or use one of: ${known.join(', ')}.`)
  const given = Object.fromEntries(known.map((name) => [name, environment[name] || file[name]]))
  const result = settings.safeParse(given)
  if (!result.success) {
    const issue = result.error.issues[0]!
    const name = String(issue.path[0])
    const sentence = settings.shape[name as keyof Settings].description
    throw new Error(`Bad setting ${name}: ${issue.message}. (${sentence})`)
  }
  if (result.data.DATABASE_URL && !result.data.LANGO_SECRET_KEY) {
    throw new Error(
      'DATABASE_URL needs LANGO_SECRET_KEY: 64 hex digits, the same on every node. Make one with: openssl rand -hex 32',
    )
  }
  return result.data
}
