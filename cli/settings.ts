import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { knownAmong, readSettings } from '@lango/server'
import type { Settings } from '@lango/server'

/**
 * Reads the settings of this machine for a start: the environment, then `lango.config.json` of the present folder.
 * @throws with one sentence when a setting is bad, or none of ours though it begins like one.
 */
export function loadSettings(): Settings {
  return load(process.env)
}

/** The same for every other command, which is not kept from its work by a variable that it does not know. */
export function loadKnownSettings(): Settings {
  return load(knownAmong(process.env))
}

function load(environment: NodeJS.ProcessEnv): Settings {
  const settings = readSettings(environment, readFile(resolve('lango.config.json')))
  return { ...settings, LANGO_HOME: resolve(settings.LANGO_HOME) }
}

function readFile(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {}
  if (!statSync(file).isFile()) throw new Error(`${file} is no file. Move it away: the settings are read from there.`)
  const given = parse(file)
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>
  throw new Error(`${file} must hold one object, such as {"PORT": 4000}.`)
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`)
  }
}
