import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { isSameProcess, newSecretKey, thisProcess } from '@lango/server'
import type { ProcessName, Settings } from '@lango/server'

type Home = Pick<Settings, 'LANGO_HOME'>

/** What a running `lango start` tells the other commands. */
export type Running = {
  process: ProcessName
  url: string
  simulator_url: string | null
  database_url: string
  /** The name of the secret key that it seals with. */
  secret_key: string
}

/** An API key that `start` made and can show again. */
export type KeptKey = { merchant_id: string; key: string }

export const databaseFolder = ({ LANGO_HOME }: Home) => join(LANGO_HOME, 'database')
export const demoFile = ({ LANGO_HOME }: Home) => join(LANGO_HOME, 'demo.json')
/** The key of the merchant that the MPESA_ settings describe. */
export const firstMerchantFile = ({ LANGO_HOME }: Home) => join(LANGO_HOME, 'first-merchant.json')
export const simulatorFile = ({ LANGO_HOME }: Home) => join(LANGO_HOME, 'simulator.json')
const runningFile = ({ LANGO_HOME }: Home) => join(LANGO_HOME, 'running.json')
const secretKeyFile = ({ LANGO_HOME }: Home) => join(LANGO_HOME, 'secret-key')

/** Makes the home when it is missing. @throws a sentence that names it when it cannot be one. */
export function openHome({ LANGO_HOME }: Home): void {
  try {
    mkdirSync(LANGO_HOME, { recursive: true })
    if (!statSync(LANGO_HOME).isDirectory()) throw new Error('it is a file')
    accessSync(LANGO_HOME, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = {
      EEXIST: 'it is a file',
      ENOTDIR: 'it lies below a file',
      EACCES: 'this user may not write there',
      EROFS: 'nothing can be written there',
    }
    throw new Error(
      `LANGO_HOME cannot be ${LANGO_HOME}: ${why[code as keyof typeof why] ?? message}. Set it to a directory of its own.`,
    )
  }
}

/** True when a `lango start` has made an installation here. */
export function isInstalled(settings: Settings): boolean {
  return Boolean(settings.DATABASE_URL) || existsSync(databaseFolder(settings))
}

/**
 * The installation's secret key: the setting, or the file that the first start makes.
 * @throws when it is lost: what its database has sealed opens with no other.
 */
export function secretKeyOf(settings: Settings): string {
  if (settings.LANGO_SECRET_KEY) return settings.LANGO_SECRET_KEY
  const file = secretKeyFile(settings)
  const folder = databaseFolder(settings)
  if (!existsSync(file)) {
    if (existsSync(folder))
      throw new Error(
        `${file} is missing, and the database in ${folder} is sealed with it. Bring it back from your backup; without it the credentials and tokens there are lost. To begin anew, move ${folder} away.`,
      )
    keep(file, newSecretKey())
  }
  const key = readFileSync(file, 'utf8').trim()
  if (/^[0-9a-f]{64}$/i.test(key)) return key
  throw new Error(`${file} holds no secret key, which is 64 hex digits. Bring it back from your backup.`)
}

/** Keys that open what they have sealed, and seal nothing: the setting, and those that this home replaced. */
export function previousKeysOf(settings: Settings): string[] {
  const file = `${secretKeyFile(settings)}.previous`
  const ofFile = !settings.LANGO_SECRET_KEY && existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/) : []
  return [...new Set([...settings.LANGO_PREVIOUS_SECRET_KEYS, ...ofFile])].filter(
    (key) => key !== secretKeyOf(settings),
  )
}

/** Puts a new secret key in the place of the one in this home, which is kept beside it. Answers the file. */
export function keepNewSecretKey(settings: Settings, key: string): string {
  const file = secretKeyFile(settings)
  const replaced = [secretKeyOf(settings), ...previousKeysOf(settings)]
  keep(`${file}.previous`, replaced.join('\n'))
  keep(file, key)
  return file
}

/** The secret key that this machine has been given, without making one. */
export function presentSecretKey(settings: Settings): string | undefined {
  const isThere = settings.LANGO_SECRET_KEY ?? existsSync(secretKeyFile(settings))
  return isThere ? secretKeyOf(settings) : undefined
}

/** The key that was kept here, if one was. @throws a sentence that names the file when it is damaged. */
export function recallKey(file: string): KeptKey | undefined {
  if (!existsSync(file)) return undefined
  const { merchant_id, key } = (parse(file) ?? {}) as Partial<KeptKey>
  if (typeof merchant_id === 'string' && typeof key === 'string') return { merchant_id, key }
  throw new Error(`${file} is damaged: it holds no API key. Remove it, and the next start makes another key.`)
}

/** Keeps something secret in a file that only its owner can read. A crash leaves the file as it was, or as it shall be. */
export function keep(file: string, content: string | object): void {
  const fresh = `${file}.new`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(fresh, typeof content === 'string' ? `${content}\n` : `${JSON.stringify(content, null, 2)}\n`, {
    mode: 0o600,
    flush: true,
  })
  chmodSync(fresh, 0o600)
  renameSync(fresh, file)
}

/** Lets the other commands find this process. The returned function takes that back. */
export function announce(settings: Home, running: Omit<Running, 'process'>): () => void {
  const file = runningFile(settings)
  keep(file, { process: thisProcess(), ...running })
  return () => {
    if (findRunning(settings)?.process.pid === process.pid) rmSync(file, { force: true })
  }
}

/** The `lango start` that runs on this home, if one does. */
export function findRunning(settings: Home): Running | undefined {
  const running = parse(runningFile(settings)) as Partial<Running> | undefined
  return running?.process && isSameProcess(running.process) ? (running as Running) : undefined
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
