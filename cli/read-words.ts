import { parseArgs } from 'node:util'
import { UsageError } from './command.ts'
import type { Command } from './command.ts'
import { optionsOf, usage } from './help.ts'
import { nearest } from './nearest.ts'

/** What stood after a command's name. */
export type Read = { words: Record<string, string>; options: Record<string, string | boolean> }

/** True when the help is asked for, wherever that stands. */
export function asksForHelp(argv: string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end < 0 ? argv.length : end).some((word) => word === '--help' || word === '-h')
}

/**
 * Reads the words and options of a command by what it declares.
 * @throws UsageError, one sentence, when something is unknown, missing or too much.
 */
export function readWords(name: string, command: Command, argv: string[]): Read {
  const declared = optionsOf(command)
  const more = `lango ${name} --help tells what it takes.`
  const options: Read['options'] = {}
  const places: string[] = []
  for (const token of tokensOf(command, argv)) {
    if (token.kind === 'positional') places.push(token.value)
    if (token.kind !== 'option') continue
    const { rawName, name: option, value, inlineValue } = token
    const known = rawName.startsWith('--') && Object.hasOwn(declared, option) ? declared[option] : undefined
    if (!known) throw unknownOption(name, rawName, Object.keys(declared), more)
    if (known.takes === undefined && value !== undefined) throw new UsageError(`--${option} takes no value. ${more}`)
    if (known.takes !== undefined && (value === undefined || (!inlineValue && /^--?[a-z]/i.test(value))))
      throw new UsageError(`--${option} needs a value: --${option} ${known.takes}, ${known.what}. ${more}`)
    options[option] = value ?? true
  }
  const words = placed(name, command, places)
  for (const [option, { isNeeded, takes, what }] of Object.entries(declared)) {
    if (takes === undefined) options[option] ??= false
    if (isNeeded && options[option] === undefined)
      throw new UsageError(`lango ${name} needs --${option} ${takes}: ${what}. ${more}`)
  }
  return { words, options }
}

function tokensOf(command: Command, argv: string[]) {
  const options = Object.fromEntries(
    Object.entries(optionsOf(command)).map(([option, { takes }]) => [
      option,
      { type: takes === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  return parseArgs({ args: argv, options, strict: false, tokens: true, allowPositionals: true }).tokens
}

function placed(name: string, command: Command, places: string[]): Read['words'] {
  const words = Object.entries(command.words ?? {})
  const missing = words.slice(places.length).find(([, { isOptional }]) => !isOptional)
  if (missing) throw new UsageError(`lango ${name} needs <${missing[0]}>, ${missing[1].what}: ${usage(name, command)}`)
  const extra = places[words.length]
  if (extra !== undefined)
    throw new UsageError(`"${extra}" is one word too many. What has blanks needs quotes: ${usage(name, command)}`)
  return Object.fromEntries(places.map((place, index) => [words[index]![0], place]))
}

function unknownOption(name: string, rawName: string, declared: string[], more: string): UsageError {
  const meant = nearest(rawName.replace(/^-+/, ''), declared)
  return new UsageError(`lango ${name} has no option ${rawName}.${meant ? ` Did you mean --${meant}?` : ''} ${more}`)
}
