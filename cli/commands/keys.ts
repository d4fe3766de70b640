import { createKey, scopes } from '@lango/server'
import type { KeyScope } from '@lango/server'
import { command, UsageError } from '../command.ts'
import type { Noun } from '../command.ts'
import { merchantOption, requireMerchant, withInstallation } from '../installation.ts'

const create = command({
  summary: 'makes an API key',
  about: `The key is shown this once. Its scopes are some of:\n${scopes.join(', ')}.`,
  options: {
    merchant: merchantOption,
    scopes: { takes: '<a,b>', what: 'what it may do', isNeeded: true },
    name: { takes: '<text>', what: 'what it is for, as the list of keys shows it' },
    live: { what: 'makes a live key, which may use a live account; without it a test key' },
  },
  json: '{"id","key","merchant_id","scopes"}',
  examples: ['keys create --merchant demo --scopes payments:read,payments:write'],
  async run({ options: { merchant: name, scopes: text, name: purpose = 'lango keys create', live } }) {
    const asked = readScopes(text)
    const made = await withInstallation(async (context) => {
      const merchant = await requireMerchant(context, name)
      const mode = live ? 'live' : 'test'
      return createKey(context, { merchant_id: merchant.id, name: purpose, mode, scopes: asked })
    })
    const shown = `${made.key}\n\nThis key of ${name} is shown this once. It may: ${made.scopes.join(', ')}`
    return { json: made, text: shown }
  },
})

export const keys: Noun = { summary: 'API keys: create', verbs: { create } }

function readScopes(text: string): KeyScope[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  if (names.length === 0) throw new UsageError(`Say what the key may do: --scopes with some of ${scopes.join(',')}`)
  const unknown = names.find((name) => !scopes.includes(name as KeyScope))
  if (unknown) throw new UsageError(`There is no scope "${unknown}". There are: ${scopes.join(', ')}`)
  return names as KeyScope[]
}
