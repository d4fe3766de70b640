import { z } from 'zod'
import { complaintOf, complaintOfPrivate } from './networks.ts'
import type { Environment } from './providers/names.ts'
import { forbiddenWordIn, whyNotCallable } from './public-url.ts'
import type { SecretKeys } from './secret.ts'

/** A setting of this form, or the rest of a sentence that says what it must be. What it is, is never said: it may be a secret. */
function text(form: RegExp, must: string) {
  return z.string().regex(form, must)
}

const port = text(/^\d{1,5}$/, 'must be a port, a number from 0 to 65535')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a port, a number from 0 to 65535')

function url(protocols: string, must: string) {
  const form = new RegExp(`^(${protocols}):$`)
  const isUrl = (given: string) => URL.canParse(given) && form.test(new URL(given).protocol)
  return z.string().refine(isUrl, { error: must, abort: true })
}

const httpUrl = url('https?', 'must be an address such as https://pay.shop.example')

/** An address that paths are put behind. */
const baseUrl = httpUrl
  .refine(
    (given) => isBare(new URL(given)),
    'must be an address without user, query and fragment: paths are put behind it',
  )
  .transform((given) => given.replace(/\/+$/, ''))

function isBare({ username, password, search, hash }: URL): boolean {
  return [username, password, search, hash].every((part) => part === '')
}

const publicUrl = baseUrl.superRefine((given, context) => refuseForbidden(given, context))

const callbackUrl = httpUrl.superRefine((given, context) => refuseForbidden(new URL(given).origin, context))

function refuseForbidden(address: string, context: z.RefinementCtx): void {
  const word = forbiddenWordIn(address)
  if (word)
    context.addIssue({
      code: 'custom',
      message: `must not contain "${word}", which Safaricom refuses in an address for callbacks`,
    })
}

/** Addresses and networks of which none has a complaint. */
function networks(complaint: (entry: string) => string | undefined) {
  return z.string().transform((given, context) => {
    const entries = given.split(/[\s,]+/).filter(Boolean)
    const bad = entries.find((entry) => complaint(entry) !== undefined)
    if (bad !== undefined) context.addIssue({ code: 'custom', message: `holds "${bad}", which ${complaint(bad)}` })
    return entries
  })
}

/** Several keys. */
const secretKeys = text(
  /^[\s,]*([0-9a-fA-F]{64}[\s,]*)*$/,
  'must be keys of 64 hex digits each, separated by commas',
).transform((given) => given.split(/[\s,]+/).filter(Boolean))

const anything = z.string()
const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const environments = ['simulator', 'sandbox', 'live'] as const
const oneOf = <const Names extends readonly string[]>(names: Names) =>
  z.enum(names, `must be one of ${names.join(', ')}`)

/** Every setting: its form, its default where one is safe, and one sentence. */
export const settings = z.strictObject({
  PORT: port.default(4000).describe('The port of the API and the checkout.'),
  SIMULATOR_PORT: port.default(4010).describe('The port of the Daraja simulator.'),
  METRICS_PORT: port
    .optional()
    .describe('The port at which Prometheus finds /metrics, on the same HOST; without it nothing is told.'),
  HOST: anything.default('127.0.0.1').describe('The address to listen on; 0.0.0.0 for every one.'),
  PUBLIC_URL: publicUrl.optional().describe('The address at which Safaricom and payers reach this server.'),
  DATABASE_URL: url('postgres(ql)?', 'must be an address such as postgres://user:password@host:5432/lango')
    .optional()
    .describe('A PostgreSQL (15 to 18) of your own; without it an embedded one is used.'),
  DATABASE_NAMED_STATEMENTS: oneOf(['true', 'false'])
    .default('true')
    .transform((given) => given === 'true')
    .describe(
      'Whether connections keep the plans of frequent statements; false behind a pooler that lends them for one transaction each, such as PgBouncer in its transaction mode.',
    ),
  DRAIN_SECONDS: text(/^\d{1,3}$/, 'must be a number of seconds, at most 999')
    .default('0')
    .transform(Number)
    .describe(
      'How long a node that is told to stop still takes requests, while /healthz tells the proxy in front to send no more.',
    ),
  LANGO_HOME: anything
    .default('./.lango')
    .describe('The directory of the embedded database, the secret key, the spool and the state of the simulator.'),
  LANGO_SECRET_KEY: text(/^[0-9a-fA-F]{64}$/, 'must be 64 hex digits. Make them with: openssl rand -hex 32')
    .optional()
    .describe(
      'The key that everything secret is sealed with: required with DATABASE_URL, else made on the first start.',
    ),
  LANGO_PREVIOUS_SECRET_KEYS: secretKeys
    .default([])
    .describe('Keys beside it, separated by commas, that open what they have sealed, and seal nothing.'),
  SIMULATOR_URL: baseUrl.optional().describe('The base URL of the environment "simulator", when it runs elsewhere.'),
  MPESA_SANDBOX_URL: baseUrl
    .default('https://sandbox.safaricom.co.ke')
    .describe('The base URL of the environment "sandbox".'),
  MPESA_LIVE_URL: baseUrl.default('https://api.safaricom.co.ke').describe('The base URL of the environment "live".'),
  TRUSTED_PROXIES: networks(complaintOf)
    .default([])
    .describe('Addresses and networks of the proxies in front, separated by commas.'),
  ALLOWED_NETWORKS: networks(complaintOfPrivate)
    .default([])
    .describe("Private networks, separated by commas, in which merchants' addresses may lie; else none may."),
  SMTP_URL: url('smtps?', 'must be an address such as smtps://user:password@mail.shop.example')
    .optional()
    .describe('The SMTP server that mail is sent by; without it mail is kept, for owners to read at /outbox.'),
  SMTP_FROM: text(/^[^@\s<>,]+@[^@\s<>,]+$/, 'must be an e-mail address such as pay@shop.example')
    .optional()
    .describe('The address that mail comes from; lango@ the host of PUBLIC_URL by default.'),
  CALLBACKS_KEPT_MONTHS: text(/^(1[2-9]|[2-9]\d|\d{3})$/, 'must be a number of months, 12 at least')
    .transform(Number)
    .optional()
    .describe('For how many whole months the bodies of callbacks are kept; for ever by default.'),
  LOG_LEVEL: oneOf(levels).default('info').describe('How much is logged.'),
  MPESA_CONSUMER_KEY: anything.optional().describe("The first merchant's consumer key at Daraja."),
  MPESA_CONSUMER_SECRET: anything.optional().describe("The first merchant's consumer secret."),
  MPESA_BUSINESS_SHORT_CODE: text(/^\d{5,7}$/, 'must be 5 to 7 digits')
    .optional()
    .describe("The first merchant's short code."),
  MPESA_PASS_KEY: anything.optional().describe("The first merchant's passkey for STK push."),
  MPESA_ENVIRONMENT: oneOf(environments).optional().describe("The first merchant's environment; sandbox by default."),
  MPESA_CALLBACK_URL: callbackUrl
    .optional()
    .describe('The address for callbacks, where it has another host than PUBLIC_URL; its path does not matter.'),
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
  /** The SMTP server, with its password: never to be shown. Without it mail is kept. */
  smtpUrl?: string
  /** The address that mail comes from. */
  smtpFrom?: string
  /** For how many whole months bodies of callbacks are kept; for ever without it. */
  callbacksKeptMonths?: number
  /** Where the spool is. Without a home a node keeps no spool. */
  home?: string
}

const known = Object.keys(settings.shape)

/** The settings that begin like ours: a misspelt one of these is told, where any other variable is not our business. */
const ours = /^(LANGO_|MPESA_|SIMULATOR_)/

/** What the documents of the client and of the commands have a shop set, for itself. */
const ofOthers = ['LANGO_KEY', 'LANGO_URL', 'LANGO_WEBHOOK_SECRET']

/**
 * Reads the settings: the environment first, then `lango.config.json`. Each is judged, and then what they say together.
 * @throws with one sentence for a person, naming the setting and what to do.
 */
export function readSettings(
  environment: Record<string, string | undefined>,
  file: Record<string, unknown> = {},
): Settings {
  const unknown = [...Object.keys(file), ...Object.keys(environment).filter((name) => ours.test(name))].find(
    (name) => !known.includes(name) && !ofOthers.includes(name),
  )
  if (unknown) throw new Error(`Unknown setting ${unknown}. Remove it, or use one of: ${known.join(', ')}.`)
  const given = known.map((name) => [name, environment[name]?.trim() || textOf(name, file[name])])
  const result = settings.safeParse(Object.fromEntries(given))
  if (!result.success) {
    const { path, message } = result.error.issues[0]!
    throw badSetting(String(path[0]), message)
  }
  refuseTogether(result.data)
  return result.data
}

/** The settings among the variables of the environment: a command that is no start does not mind the others. */
export function knownAmong(environment: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(known.map((name) => [name, environment[name]]))
}

/** What stands in the file as it would stand in the environment. */
function textOf(name: string, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string') return value.trim() || undefined
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value.join(',')
  throw badSetting(name, 'must be a text or a number')
}

function badSetting(name: string, must: string): Error {
  const sentence = settings.shape[name as keyof Settings].description
  return new Error(`Bad setting ${name}: it ${must}. (${sentence})`.replace('..', '.'))
}

/** Refuses settings of which each is right, and which do not fit together. */
function refuseTogether(read: Settings): void {
  const { PORT, SIMULATOR_PORT, SIMULATOR_URL, DATABASE_URL, LANGO_SECRET_KEY } = read
  if (DATABASE_URL && !LANGO_SECRET_KEY) {
    throw new Error(
      'DATABASE_URL needs LANGO_SECRET_KEY: 64 hex digits, the same on every node. Make one with: openssl rand -hex 32',
    )
  }
  if (PORT === SIMULATOR_PORT && PORT !== 0 && !SIMULATOR_URL)
    throw new Error(`PORT and SIMULATOR_PORT are both ${PORT}. Set one of them to another port.`)
  refuseFirstAccount(read)
}

const ofFirstAccount = [
  'MPESA_CONSUMER_KEY',
  'MPESA_CONSUMER_SECRET',
  'MPESA_BUSINESS_SHORT_CODE',
  'MPESA_PASS_KEY',
] as const

function refuseFirstAccount(read: Settings): void {
  const missing = ofFirstAccount.find((name) => read[name] === undefined)
  const isMeant = read.MPESA_ENVIRONMENT !== undefined || ofFirstAccount.some((name) => read[name] !== undefined)
  if (isMeant && missing)
    throw new Error(`${missing} is missing: the four of ${ofFirstAccount.join(', ')} go together.`)
  if (read.MPESA_ENVIRONMENT !== 'live') return
  const { publicUrl: own, callbackBaseUrl } = addressesOf(read, `http://localhost:${read.PORT}`)
  for (const [name, address] of [
    ['PUBLIC_URL', own],
    ['MPESA_CALLBACK_URL', callbackBaseUrl],
  ] as const) {
    const [why] = address ? whyNotCallable(address) : []
    if (why)
      throw new Error(
        `MPESA_ENVIRONMENT is live, and ${address} ${why}: Safaricom could not tell of payments. Set ${name} to the https address at which the Internet reaches this server.`,
      )
  }
}

/** Where this server is reached: by payers and providers, and, where that differs, by callbacks. */
export function addressesOf(
  { PUBLIC_URL, MPESA_CALLBACK_URL }: Pick<Settings, 'PUBLIC_URL' | 'MPESA_CALLBACK_URL'>,
  own: string,
): { publicUrl: string; callbackBaseUrl?: string } {
  const callbackBaseUrl = MPESA_CALLBACK_URL && baseOf(MPESA_CALLBACK_URL, PUBLIC_URL)
  const publicUrl = PUBLIC_URL ?? callbackBaseUrl ?? own
  const isOther = callbackBaseUrl !== undefined && callbackBaseUrl !== publicUrl
  return { publicUrl, ...(isOther && { callbackBaseUrl }) }
}

/**
 * What the callback's path is put behind. A setting that names a whole callback URL means its host, for each callback has a path of
 * its own; what stands before a path of ours is a prefix that a proxy takes away.
 */
function baseOf(callback: string, publicUrl: string | undefined): string {
  const { origin, host, pathname } = new URL(callback)
  if (publicUrl && new URL(publicUrl).host === host) return publicUrl
  const [, prefix = ''] = /^(.*?)\/v1\/(?:in|webhooks)(?:\/|$)/.exec(pathname) ?? []
  return origin + prefix
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
