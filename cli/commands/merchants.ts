import { createMerchant, listMerchants, showId, updateMerchant } from '@lango/server'
import { command } from '../command.ts'
import type { Noun } from '../command.ts'
import { hint } from '../hint.ts'
import { requireMerchant, withInstallation } from '../installation.ts'
import { provider } from './merchants-provider.ts'

const nameWord = { what: 'what it is called, 1 to 100 characters' } as const

const list = command({
  summary: 'lists the merchants of this installation',
  json: '[{"id","name"}]',
  examples: ['merchants list'],
  async run() {
    const found = (await withInstallation(listMerchants)).map(({ id, name }) => ({ id: showId('mer', id), name }))
    const lines = found.map(({ id, name }) => `${id}  ${name}`)
    return { json: found, text: lines.join('\n') || 'There is none yet.' }
  },
})

const create = command({
  summary: 'makes a merchant, a business that takes payments here',
  about: 'A merchant of this name that there is already is left as it is.',
  words: { name: nameWord },
  json: '{"id","name"}',
  examples: ["merchants create 'Duka la Juu'"],
  async run({ words: { name } }) {
    const made = await withInstallation((context) => createMerchant(context, readName(name)))
    const id = showId('mer', made.id)
    const key = hint(
      'keys',
      'create',
      '--merchant',
      made.name,
      '--scopes',
      'payments:read,payments:write,merchant:write',
    )
    return { json: { id, name: made.name }, text: `${id}  ${made.name}\nIts first key: ${key}` }
  },
})

const rename = command({
  summary: 'gives a merchant another name',
  words: { merchant: { what: 'its id, or its name of now' }, name: nameWord },
  json: '{"id","name"}',
  examples: ["merchants rename demo 'Duka la Juu'"],
  async run({ words: { merchant, name } }) {
    const changed = await withInstallation(async (context) => {
      const { id } = await requireMerchant(context, merchant)
      return updateMerchant(context, { id, name: readName(name) })
    })
    const id = showId('mer', changed.id)
    return { json: { id, name: changed.name }, text: `${id} is now named ${changed.name}.` }
  },
})

export const merchants: Noun = {
  summary: 'the businesses here, and their accounts with M-Pesa: list, create, rename, provider',
  verbs: { list, create, rename, provider },
}

function readName(text: string): string {
  const name = text.trim()
  if (name.length >= 1 && name.length <= 100) return name
  throw new Error('A name has 1 to 100 characters.')
}
