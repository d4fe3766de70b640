import { command, UsageError } from '../command.ts'
import { scripts } from '../completion/scripts.ts'
import { completionsOf } from '../completion/completions.ts'

export const completion = command({
  summary: 'prints what lets a shell complete these commands',
  about: `Once, for bash:  echo 'eval "$(lango completion bash)"' >> ~/.bashrc
for zsh:         echo 'eval "$(lango completion zsh)"' >> ~/.zshrc
for fish:        lango completion fish > ~/.config/fish/completions/lango.fish`,
  words: { shell: { what: 'bash, zsh or fish' } },
  examples: ['completion bash', 'completion fish'],
  async run({ words: { shell }, all }) {
    if (!Object.hasOwn(scripts, shell))
      throw new UsageError(`There is no completion for "${shell}". There are: ${Object.keys(scripts).join(', ')}.`)
    const text = scripts[shell as keyof typeof scripts](completionsOf(await all()))
    return { text, json: null }
  },
})
