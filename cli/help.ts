import type { Command, Noun, Option, Options } from './command.ts'

/** How a command is typed: `lango pay <phone> <amount> [options]`. */
export function usage(name: string, { words = {}, options = {}, json }: Command): string {
  const places = Object.entries(words).map(([word, { isOptional }]) => (isOptional ? `[${word}]` : `<${word}>`))
  const needed = Object.entries(options).filter(([, { isNeeded }]) => isNeeded)
  const hasMore = needed.length < Object.keys(options).length || json !== undefined
  return ['lango', name, ...places, ...needed.map(showOption), ...(hasMore ? ['[options]'] : [])].join(' ')
}

/** The help of one command. */
export function helpOf(name: string, command: Command): string {
  const { summary, about, words = {}, examples } = command
  return join([
    `lango ${name}: ${summary}`,
    `Usage: ${usage(name, command)}`,
    about,
    section(
      'Words',
      Object.entries(words).map(([word, { what }]) => [word, what]),
    ),
    section(
      'Options',
      Object.entries(optionsOf(command)).map(([option, declared]) => [showOption([option, declared]), declared.what]),
    ),
    section(
      examples.length === 1 ? 'Example' : 'Examples',
      examples.map((line) => [`lango ${line}`]),
    ),
  ])
}

/** The help of a noun: its verbs. */
export function helpOfNoun(name: string, { summary, about, verbs }: Noun): string {
  return join([
    `lango ${name}: ${summary}`,
    about,
    section(
      'Verbs',
      Object.entries(verbs).map(([verb, command]) => [usage(`${name} ${verb}`, command), command.summary]),
    ),
    section(
      'Examples',
      Object.values(verbs).map(({ examples }) => [`lango ${examples[0]}`]),
    ),
    `lango ${name} <verb> --help tells of one: its options, and what they are for.`,
  ])
}

/** The help of the whole. */
export function helpOfAll(commands: Record<string, Command | Noun>): string {
  return join([
    'Lango takes M-Pesa payments and loses none of them.',
    section(
      'Commands',
      Object.entries(commands).map(([name, { summary }]) => [`lango ${name}`, summary]),
    ),
    'lango <command> --help tells of one: what it does, its options, an example. lango --version tells which Lango this is.\n' +
      'Settings come from the environment, then from lango.config.json. Exit codes: 0 done, 1 not done, 2 not understood.',
  ])
}

/** What a command takes: its own options, and those that all have. */
export function optionsOf({ options = {}, json }: Command): Options {
  return {
    ...options,
    ...(json !== undefined && { json: { what: `prints ${json}, for programs` } }),
    help: { what: 'tells this, and does nothing' },
  }
}

function showOption([name, { takes }]: [string, Option]): string {
  return takes === undefined ? `--${name}` : `--${name} ${takes}`
}

function section(title: string, rows: string[][]): string | undefined {
  if (rows.length === 0) return undefined
  const width = Math.max(...rows.map(([left]) => left!.length))
  return [
    `${title}:`,
    ...rows.map(([left, right]) => `  ${right === undefined ? left : `${left!.padEnd(width)}  ${right}`}`),
  ].join('\n')
}

function join(parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('\n\n')
}
