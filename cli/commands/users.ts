import { listUsers, ownerLink, passwordLink, showId } from '@lango/server'
import { command } from '../command.ts'
import type { Noun } from '../command.ts'
import { hint } from '../hint.ts'
import { requireMerchant, withInstallation } from '../installation.ts'

const list = command({
  summary: 'lists who signs in to the dashboard, and their roles',
  json: '[{"id","email","name","memberships":[{"merchant","role"}]}]',
  examples: ['users list'],
  async run() {
    const found = (await withInstallation(listUsers)).map((user) => ({ ...user, id: showId('usr', user.id) }))
    const lines = found.map(({ email, name, memberships }) => {
      const roles = memberships.map(({ merchant, role }) => `${role} of ${merchant}`).join(', ')
      return `${email}  ${name}, ${roles || 'a member of no business'}`
    })
    return { json: found, text: lines.join('\n') || `There is nobody yet. The first owner: ${hint('users', 'link')}` }
  },
})

const link = command({
  summary: 'prints a link by which somebody becomes an owner, or chooses a new password',
  about: `It works once, for 15 minutes. With the address of a user it is for a new password; without one, whoever follows it becomes an
owner of every business of this installation, or of the one that --merchant names.`,
  words: { email: { what: 'whose password is to be new', isOptional: true } },
  options: {
    merchant: { takes: '<id|name>', what: 'the one business that its holder becomes an owner of' },
    'without-code': { what: 'lets the user sign in by the password alone, where phone and codes are lost' },
  },
  json: '{"link"}',
  examples: ['users link', 'users link amina@example.com', 'users link --merchant demo'],
  async run({ words: { email }, options: { merchant: name, 'without-code': withoutCode } }) {
    const made = await withInstallation(async (context) => {
      if (email) return passwordLink(context, email, { withoutCode })
      return ownerLink(context, name ? (await requireMerchant(context, name)).id : null)
    })
    return { json: { link: made }, text: `${made}\n\nIt works once, for 15 minutes.` }
  },
})

export const users: Noun = { summary: 'who signs in to the dashboard: list, link', verbs: { list, link } }
