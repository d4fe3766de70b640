/** An option of a command. Without `takes` it is a switch. */
export type Option = {
  /** What stands after it, as the help shows it: `<id|name>`. */
  takes?: string
  /** What it is for, as half a sentence. */
  what: string
  isNeeded?: true
}

export type Options = Record<string, Option>

/** A word that stands by its place and not by its name. */
export type Word = { what: string; isOptional?: true }

export type Words = Record<string, Word>

/** What a command answers. Without an answer it has said all that there was to say. */
export type Answer = {
  /** For a person. */
  text: string
  /** For a program: what `--json` prints, in one line. */
  json: unknown
  /** It was done, and what it found is not as it should be: the exit code is 1. */
  isBad?: boolean
}

type ValueOf<Declared extends Option> = Declared extends { takes: string }
  ? Declared extends { isNeeded: true }
    ? string
    : string | undefined
  : boolean

type WordOf<Declared extends Word> = Declared extends { isOptional: true } ? string | undefined : string

/** What stood on the command line, read by what the command declares. */
export type Given<DeclaredWords extends Words = Words, DeclaredOptions extends Options = Options> = {
  words: { [Name in keyof DeclaredWords]: WordOf<DeclaredWords[Name]> }
  options: { [Name in keyof DeclaredOptions]: ValueOf<DeclaredOptions[Name]> }
  /** Tells a person what happens meanwhile. Never in the way of `--json`. */
  say(sentence: string): void
  /** Prints one of several things as they come: to a person its text, with `--json` a line to a program. */
  show(one: Answer): void
  /** Every command that there is, by its name. */
  all(): Promise<Record<string, Command | Noun>>
}

type Declaration<DeclaredWords extends Words, DeclaredOptions extends Options> = {
  /** One line: what it does. */
  summary: string
  /** The sentences that whoever runs it first must know. */
  about?: string
  words?: DeclaredWords
  options?: DeclaredOptions
  /** Command lines that work, without the word `lango` before them. */
  examples: string[]
  /** What `--json` prints. A command without it takes no `--json`. */
  json?: string
  /** Does it. What goes wrong is thrown, as a sentence for a person. */
  run(given: Given<DeclaredWords, DeclaredOptions>): Promise<Answer | void>
}

/** Something that `lango` can do: all that its help, its options and its exit code are made of. */
export type Command = Declaration<Words, Options>

/** A noun with several verbs, such as `lango keys create`. */
export type Noun = { summary: string; about?: string; verbs: Record<string, Command> }

/** Declares a command: what it declares is what `run` is given, in types too. */
export function command<const DeclaredWords extends Words = {}, const DeclaredOptions extends Options = {}>(
  declaration: Declaration<DeclaredWords, DeclaredOptions>,
): Command {
  return declaration as unknown as Command
}

/** True for a noun, which does nothing by itself. */
export function isNoun(found: Command | Noun): found is Noun {
  return 'verbs' in found
}

/** What was typed is no command: the exit code is 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}
