import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isNoun, UsageError } from './command.ts'
import type { Answer, Command, Given, Noun } from './command.ts'
import { commands } from './commands.ts'
import { helpOf, helpOfAll, helpOfNoun } from './help.ts'
import { nearest } from './nearest.ts'
import { asksForHelp, readWords } from './read-words.ts'

/** Where a command speaks: what it answers, and what it says beside that. */
export type Terminal = { answer(text: string): void; remark(text: string): void }

const terminal: Terminal = {
  answer: (text) => void process.stdout.write(`${text}\n`),
  remark: (text) => void process.stderr.write(`${text}\n`),
}

/** Runs what was typed, and answers the exit code: 0 done, 1 not done, 2 not understood. What goes wrong ends as one sentence. */
export async function run(argv: string[], { answer, remark }: Terminal = terminal): Promise<number> {
  try {
    return await find(argv, { answer, remark })
  } catch (error) {
    remark(sentence(error))
    return error instanceof UsageError ? 2 : 1
  }
}

/** Leads to the command, or to the help that was asked for. */
async function find(argv: string[], { answer, remark }: Terminal): Promise<number> {
  const [name, ...rest] = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv
  if (name === undefined || name === '--help' || name === '-h') return tell(answer, helpOfAll(await loadAll()))
  if (name === '--version' || name === '-v') return tell(answer, version())
  const found = await load(name)
  if (!isNoun(found)) return runCommand(name, found, rest, { answer, remark })

  const [verb, ...words] = rest
  if (verb === '--help' || verb === '-h') return tell(answer, helpOfNoun(name, found))
  if (verb === undefined) return tell(remark, helpOfNoun(name, found), 2)
  if (!Object.hasOwn(found.verbs, verb)) throw notThere(`lango ${name} has no verb`, verb, Object.keys(found.verbs))
  return runCommand(`${name} ${verb}`, found.verbs[verb]!, words, { answer, remark })
}

async function runCommand(
  name: string,
  command: Command,
  argv: string[],
  { answer, remark }: Terminal,
): Promise<number> {
  if (asksForHelp(argv)) return tell(answer, helpOf(name, command))
  const { words, options } = readWords(name, command, argv)
  const asJson = Boolean(options['json'])
  const say = asJson ? remark : answer
  const given = { words, options, say, show: (one: Answer) => answer(show(one, asJson)), all: loadAll } as Given
  const answered = await command.run(given)
  if (answered) answer(show(answered, asJson))
  return answered?.isBad ? 1 : 0
}

function show({ text, json }: Answer, asJson: boolean): string {
  return asJson ? JSON.stringify(json) : text
}

function tell(say: (text: string) => void, text: string, code = 0): number {
  say(text)
  return code
}

async function load(name: string): Promise<Command | Noun> {
  if (name.startsWith('-'))
    throw new UsageError(`lango has no option ${name}. What a command does is told by lango --help.`)
  const command = commands.get(name)
  if (!command) throw notThere('lango has no command', name, [...commands.keys()])
  return command()
}

/** Every command, in the order of the help. */
export async function loadAll(): Promise<Record<string, Command | Noun>> {
  const loaded = [...commands].map(async ([name, load]) => [name, await load()] as const)
  return Object.fromEntries(await Promise.all(loaded))
}

function notThere(start: string, name: string, names: string[]): UsageError {
  const meant = nearest(name, names)
  return new UsageError(`${start} "${name}".${meant ? ` Did you mean ${meant}?` : ''} There are: ${names.join(', ')}.`)
}

function version(): string {
  const text = readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')
  const { version: own } = JSON.parse(text) as { version: string }
  return `lango ${own} (Node ${process.versions.node})`
}

// A bug is shown with its stack, for whoever mends it; everything that a person can mend is a sentence.
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isBug = [TypeError, ReferenceError, RangeError].some((kind) => error instanceof kind)
  return isBug ? (error.stack ?? error.message) : error.message
}
