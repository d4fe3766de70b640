import type { Completion } from './completions.ts'

/** The script of each shell. All of them know the words that were typed before, and nothing of Lango: completing starts no process. */
export const scripts = { bash, zsh, fish }

function bash(completions: Completion[]): string {
  return `_lango() {
  local words
  case "$(_lango_typed "\${COMP_WORDS[@]:1:COMP_CWORD-1}")" in
${casesOf(completions, (words) => `words=${quote(words.map(({ word }) => word).join(' '))}`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
${typed(completions)}
complete -o default -F _lango lango`
}

function zsh(completions: Completion[]): string {
  const describe = (offers: Completion['offers']) =>
    `offers=(${offers.map(({ word, what }) => quote(`${word.replaceAll(':', '\\:')}:${what}`)).join(' ')})`
  return `_lango() {
  local -a offers
  case "$(_lango_typed "\${(@)words[2,CURRENT-1]}")" in
${casesOf(completions, describe)}
  esac
  _describe command offers || _files
}
${typed(completions)}
compdef _lango lango`
}

function fish(completions: Completion[]): string {
  const nouns = nounsOf(completions)
  const lines = completions.flatMap(({ after, offers }) =>
    offers.map(({ word, what }) => {
      const offer = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${quote(word)}`
      return `complete -c lango -n ${quote(conditionOf(after, nouns))} ${offer} -d ${quote(what)}`
    }),
  )
  return lines.join('\n')
}

function conditionOf([name, verb]: string[], nouns: string[]): string {
  if (name === undefined) return '__fish_use_subcommand'
  if (verb !== undefined) return `__fish_seen_subcommand_from ${name}; and __fish_seen_subcommand_from ${verb}`
  const seen = `__fish_seen_subcommand_from ${name}`
  return nouns.includes(name) ? `${seen}; and test (count (commandline -opc)) -eq 2` : seen
}

/** The first word that was typed, and after a noun the second. */
function typed(completions: Completion[]): string {
  return `_lango_typed() {
  case "$1" in
    ${nounsOf(completions).join('|')}) echo "$1\${2:+ $2}" ;;
    *) echo "$1" ;;
  esac
}`
}

function nounsOf(completions: Completion[]): string[] {
  return [...new Set(completions.filter(({ after }) => after.length === 2).map(({ after }) => after[0]!))]
}

function casesOf(completions: Completion[], offer: (offers: Completion['offers']) => string): string {
  return completions.map(({ after, offers }) => `    ${quote(after.join(' '))}) ${offer(offers)} ;;`).join('\n')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
