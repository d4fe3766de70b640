import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { newSecretKey, readSettings } from '@lango/server'
import type { Settings } from '@lango/server'

/** Reads the settings of this machine: the environment, then `lango.config.json` of the present folder. */
export function loadSettings(): Settings {
  const file = resolve('lango.config.json')
  const given: unknown = existsSync(file) ? parse(file) : {}
  const settings = readSettings(process.env, given as Record<string, unknown>)
  return { ...settings, LANGO_HOME: resolve(settings.LANGO_HOME) }
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`)
  }
}

/** The installation's secret key: the setting, or the file that the first start makes. */
export function secretKeyOf({ LANGO_SECRET_KEY, LANGO_HOME }: Settings): string {
  if (LANGO_SECRET_KEY) return LANGO_SECRET_KEY
  const file = join(LANGO_HOME, 'secret-key')
  if (!existsSync(file)) keep(file, newSecretKey())
  return readFileSync(file, 'utf8').trim()
}

/** What a running `lango start` tells the other commands. */
export type Running = { pid: number; url: string; simulator_url: string | null; database_url: string }

/** The key of the demo merchant, kept so that `start` can show it again. */
export type Demo = { merchant_id: string; key: string }

export const runningFile = ({ LANGO_HOME }: Settings) => join(LANGO_HOME, 'running.json')
export const demoFile = ({ LANGO_HOME }: Settings) => join(LANGO_HOME, 'demo.json')

/** What is kept in a file, or undefined when it is not there. */
export function recall<Kept>(file: string): Kept | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : undefined
}

/** Keeps something secret in a file that only its owner can read. */
export function keep(file: string, content: string | object): void {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, typeof content === 'string' ? `${content}\n` : `${JSON.stringify(content, null, 2)}\n`, {
    mode: 0o600,
  })
  chmodSync(file, 0o600)
}

export function forget(file: string): void {
  rmSync(file, { force: true })
}

/** The `lango start` that runs on this home, if one does. */
export function findRunning(settings: Settings): Running | undefined {
  const running = recall<Running>(runningFile(settings))
  if (!running) return undefined
  try {
    process.kill(running.pid, 0)
    return running
  } catch {
    return undefined
  }
}
