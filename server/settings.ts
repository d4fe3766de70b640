import { z } from 'zod'
import { complaintOf, complaintOfPrivate } from './networks.ts'
import { forbiddenWordIn } from './public-url.ts'

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
