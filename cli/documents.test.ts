import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readSettings, settings } from '@lango/server'
import { holds } from '../testing/holds.ts'
import { readDocuments, readSources, root } from '../testing/tidy.ts'
import { isNoun } from './command.ts'
import type { Command } from './command.ts'
import { helpOf } from './help.ts'
import { loadAll } from './lango.ts'

const loaded = await loadAll()

test('the page of the commands says what they say of themselves', () => {
  const sections = Object.entries(loaded).flatMap(([name, found]) =>
    isNoun(found)
      ? Object.entries(found.verbs).map(([verb, command]) => section(`${name} ${verb}`, command))
      : [section(name, found)],
  )
  holds(
    import.meta.filename,
    'docs/commands.md',
    `# The commands

In a clone: \`npm exec -- lango …\`, or \`npx lango …\`. Every command answers \`--help\`, and nothing else happens then. Those that answer something take \`--json\`, which prints one line for a program, or one for each thing of several; remarks go to the other stream then. Colours are for a terminal alone, and not where \`NO_COLOR\` is set. Exit codes: 0 done, 1 not done or not well, 2 not understood. \`lango completion\` lets a shell complete all this. Commands find the Lango of this machine by the same [settings](settings.md) as its start.

${sections.join('\n')}`,
  )
})

function section(name: string, command: Command): string {
  const [, ...help] = helpOf(name, command).split('\n\n')
  return `## lango ${name}\n\n${capital(command.summary)}.\n\n\`\`\`\n${help.join('\n\n')}\n\`\`\`\n`.replace(
    '?.\n',
    '?\n',
  )
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1)
}

test('the page of the settings has every setting, its default and its sentence', () => {
  const defaults = readSettings({}) as Record<string, unknown>
  const rows = Object.entries(settings.shape).map(([name, { description }]) => {
    const value = defaults[name]
    const shown = value === undefined || (Array.isArray(value) && value.length === 0) ? '' : `\`${String(value)}\``
    return `| \`${name}\` | ${shown} | ${description} |`
  })
  holds(
    import.meta.filename,
    'docs/settings.md',
    `# Settings

Variables of the environment, or members of one object in \`lango.config.json\` of the present folder; the environment goes first. Each is judged whole before anything is started, and so is what they say together: a bad or misspelt one ends the start with a sentence that says what to do. What several nodes of an installation must agree on stands in their database.

| setting | default | |
|---|---|---|
${rows.join('\n')}

- **Real money needs an address.** With a live account Lango starts only where Safaricom can post to: \`PUBLIC_URL\`, and \`MPESA_CALLBACK_URL\` if it is set, are https, and not of this machine or network alone.
- **The secret key** seals credentials and signs callback tokens. The first start makes it in \`LANGO_HOME/secret-key\`, which you keep in another place than your backups: a lost one is not replaced, for nothing in its database would open.
- **A whole callback URL** in \`MPESA_CALLBACK_URL\`, such as \`https://shop.example/v1/webhooks/mpesa\`, means its host: Lango puts a path of its own behind, another for each payment.
- **The first merchant.** The four \`MPESA_…\` credentials make the merchant \`main\` with an account, and set that account again at each start; the start prints what it made, and a key.
- \`LANGO_KEY\`, \`LANGO_URL\` and \`LANGO_WEBHOOK_SECRET\` are a shop's own and no settings of the server; the commands that work through the API use the first two.
`,
  )
})

const isCommandName = /\blango ([a-z]+)(?: ([a-z]+))?/g

test('every command that is named anywhere exists', () => {
  const readmes = globSync('*/README.md', { cwd: root }).map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }))
  const missing = [...readSources(), ...readDocuments(), ...readmes].flatMap(({ path, text }) =>
    [...text.matchAll(isCommandName)]
      .filter(([, name, verb]) => !exists(name!, verb))
      .map(([named]) => `${path}: ${named}`),
  )
  // What the purpose of a hash is called, and how a sentence begins.
  const isOther = ['server/secret.ts: lango key id', 'cli/lango.ts: lango has no']
  assert.deepEqual(
    missing.filter((named) => !isOther.includes(named)),
    [],
  )
})

function exists(name: string, verb: string | undefined): boolean {
  if (['help'].includes(name)) return true
  const found = Object.hasOwn(loaded, name) ? loaded[name]! : undefined
  if (!found || !isNoun(found)) return found !== undefined
  return verb === undefined || Object.hasOwn(found.verbs, verb)
}
