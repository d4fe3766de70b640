import { addressesOf } from './addresses.ts'
import { whyNotCallable } from './public-url.ts'
import { settings } from './settings.ts'
import type { Settings } from './settings.ts'

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
