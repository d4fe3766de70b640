import type { BrowserContextOptions } from 'playwright-core'
import type { Mode } from '../server/access/key.ts'
import type { Role } from '../server/access/role.ts'
import { nameOf } from '../server/dashboard/cookies.ts'
import { csrfTokenOf } from '../server/dashboard/own-form.ts'
import { together } from '../server/people/join.ts'
import { insertMember } from '../server/people/member.ts'
import { hashPassword } from '../server/people/password.ts'
import { beginSession, findSession, turnSession } from '../server/people/session.ts'
import { insertUser } from '../server/people/user.ts'
import type { User } from '../server/people/user.ts'
import type { Story } from './story.ts'
import { visitorOf } from './visitor.ts'
import type { Visitor } from './visitor.ts'

/** What everybody in a story signs in with. */
export const storyPassword = 'embe bichi na ndizi'

/** Somebody who is signed in, in a browser without scripts; and what it takes to be them elsewhere. */
export type Person = Visitor & {
  user: User
  /** The header by which a request is theirs. */
  headers: { Cookie: string }
  csrf_token: string
  /** What a real browser is opened with, so that they are signed in there: `pages.visit('/', person.browser)`. */
  browser: BrowserContextOptions
}

/** Whom to make: their role in the shop of the story, and what they are called. */
export type Wanted = { role: Role; name?: string; email?: string; merchant_id?: string; mode?: Mode }

let hashed: Promise<string> | undefined

/** Makes a user who is a member of the shop, and signs them in. */
export async function signInAs(story: Story, wanted: Wanted): Promise<Person> {
  const { context, merchant } = story
  const { role, name = `Amina ${role}`, email = `${role}@duka.example`, merchant_id = merchant.id, mode } = wanted
  const password = await (hashed ??= hashPassword(storyPassword))
  const { user, token } = await together(context, async (transaction) => {
    const user = await insertUser(transaction, context, { email, name, password })
    await insertMember(transaction, context, { merchant_id, user_id: user.id, role })
    return { user, token: await beginSession(transaction, context, { user_id: user.id, address: '127.0.0.1' }) }
  })
  if (mode) await turnSession(context, { id: (await findSession(context, token))!.id, merchant_id, mode })
  return { user, ...browserOf(story, token) }
}

/** The browser of somebody who keeps this token. */
function browserOf(story: Story, token: string): Omit<Person, 'user'> {
  const visitor = visitorOf(story, { [nameOf(story.context, 'session')]: token })
  const csrf_token = csrfTokenOf(token)
  return {
    ...visitor,
    headers: { Cookie: `${nameOf(story.context, 'session')}=${token}` },
    csrf_token,
    browser: { storageState: { cookies: [cookieOf(story.context, token)], origins: [] } },
    send: (path, fields = {}, headers = {}) => visitor.send(path, { csrf: csrf_token, ...fields }, headers),
  }
}

function cookieOf(context: Story['context'], value: string) {
  const secure = context.config.publicUrl.startsWith('https:')
  const rest = { path: '/', expires: -1, httpOnly: true, sameSite: 'Lax' as const }
  return { name: nameOf(context, 'session'), value, domain: '127.0.0.1', secure, ...rest }
}
