import { isNoun } from '../command.ts'
import type { Command, Noun } from '../command.ts'
import { optionsOf } from '../help.ts'

/** What may follow some words that were typed: each word, and what it is for. */
export type Completion = { after: string[]; offers: { word: string; what: string }[] }

/** What may follow `lango`, each noun, and each command. */
export function completionsOf(commands: Record<string, Command | Noun>): Completion[] {
  const offers = Object.entries(commands).map(([word, { summary: what }]) => ({ word, what }))
  return [{ after: [], offers }, ...Object.entries(commands).flatMap(([name, found]) => ofOne(name, found))]
}

function ofOne(name: string, found: Command | Noun): Completion[] {
  if (!isNoun(found)) return [{ after: [name], offers: optionOffers(found) }]
  const verbs = Object.entries(found.verbs)
  return [
    { after: [name], offers: verbs.map(([word, { summary: what }]) => ({ word, what })) },
    ...verbs.map(([verb, command]) => ({ after: [name, verb], offers: optionOffers(command) })),
  ]
}

function optionOffers(command: Command): Completion['offers'] {
  return Object.entries(optionsOf(command)).map(([name, { what }]) => ({ word: `--${name}`, what }))
}
