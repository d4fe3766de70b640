import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signInAs, storyPassword } from '../../../testing/signed-in.ts'
import { story } from '../../../testing/story.ts'
import type { Story } from '../../../testing/story.ts'
import { visitorOf } from '../../../testing/visitor.ts'
import type { Visitor } from '../../../testing/visitor.ts'
import { sql } from '../../database/sql.ts'
import { nameOf } from '../cookies.ts'
import { csrfTokenOf } from '../own-form.ts'
import { countAttempt } from '../../people/attempts.ts'
import { findSession } from '../../people/session.ts'
import { ownerLink } from '../../people/printed-link.ts'

const password = 'chai ya asubuhi na mapema'
const amina = { email: 'Amina@Duka.example', name: 'Amina', password, again: password }

async function signIn(visitor: Visitor, email: string, typed: string, to = '') {
  await visitor.get(to ? `/sign-in?${new URLSearchParams({ to })}` : '/sign-in')
  return visitor.send('/sign-in', { email, password: typed })
}

test('the first owner comes by the printed link, once, and signs in and out from then on', () =>
  story({}, async (told) => {
    const link = new URL(await ownerLink(told.context)).pathname
    const visitor = visitorOf(told)
    await visitor.get(link)
    const wrongs = [
      [{ email: 'amina' }, 'This is no e-mail address'],
      [{ name: ' ' }, 'Say what you are called'],
      [{ password: 'short' }, 'at least 10 characters'],
      [{ again: 'other than before' }, 'The two are not the same'],
    ] as const
    for (const [wrong, message] of wrongs) {
      const { status, text } = await visitor.send(link, { ...amina, ...wrong })
      assert.equal(status, 400)
      assert.match(text, new RegExp(message))
      assert.doesNotMatch(text, new RegExp(password))
    }
    const let_in = await visitor.send(link, amina)
    assert.deepEqual([let_in.status, let_in.to], [303, '/'])
    for (const cookie of let_in.headers.getSetCookie())
      assert.match(cookie, /^__Host-lango_\w+=[\w.-]+;.*Path=\/; HttpOnly; Secure; SameSite=Lax$/)

    const other = visitorOf(told)
    assert.match((await other.get(link)).text, /This link is used up/)
    await visitor.get('/sign-in')
    await visitor.send('/sign-out', { csrf: 'guessed' }).then(({ status }) => assert.equal(status, 403))

    assert.equal(
      (await signIn(other, ' amina@duka.example', password, '/payments?status=failed')).to,
      '/payments?status=failed',
    )
    const { rows } = await audited(told)
    assert.deepEqual(rows, ['member.joined', 'user.signed_in', 'user.signed_in'])
  }))

test('a session ends by its user, by half a day without them, and after a week', () =>
  story({}, async (told) => {
    const here = await signInAs(told, { role: 'owner' })
    const there = await signInAs(told, { role: 'finance' })
    const isIn = async (person: Visitor) => (await person.send('/switch', { to: '/account' })).to === '/account'
    // A page that is only open asks for news, and that is no use of the session.
    const [token] = there.cookies.values()
    for (let hours = 11; hours <= 7 * 24; hours += 11) {
      await told.advance('11 h')
      assert.ok(await isIn(here), `after ${hours} hours`)
      const open = await findSession(told.context, token!, { isUse: false })
      assert.equal(open !== undefined, hours === 11)
    }
    await told.advance('11 h')
    const lost = await here.send('/switch', {}, { Referer: 'https://lango.test/payments?search=UKK' })
    assert.deepEqual([lost.status, lost.to], [303, '/sign-in?to=%2Fpayments%3Fsearch%3DUKK'])
    assert.equal(here.cookies.size, 0)

    const anew = visitorOf(told)
    await signIn(anew, 'owner@duka.example', storyPassword)
    const tokens = [...anew.cookies.values()]
    const copied = visitorOf(told, Object.fromEntries(anew.cookies))
    const csrf = csrfTokenOf(anew.cookies.get(nameOf(told.context, 'session'))!)
    assert.equal((await anew.send('/sign-out', { csrf })).to, '/sign-in')
    assert.equal((await copied.send('/switch', { csrf })).to, '/sign-in')
    const stored = JSON.stringify(await told.context.database.query(sql`select * from sessions`))
    assert.ok(tokens.every((token) => !stored.includes(token)))
  }))

test('nobody’s browser can be made to send a form by another site, nor be led away by a link', () =>
  story({}, async (told) => {
    const person = await signInAs(told, { role: 'owner' })
    const statusBy = async (fields: Record<string, string>, headers: Record<string, string>) =>
      (await person.send('/switch', fields, headers)).status
    assert.equal(await statusBy({}, {}), 303)
    assert.equal(await statusBy({}, { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://127.0.0.1:4000' }), 303)
    assert.equal(await statusBy({ csrf: '' }, {}), 403)
    assert.equal(await statusBy({}, { Origin: 'https://evil.example' }), 403)
    assert.equal(await statusBy({}, { Origin: 'null' }), 403)
    assert.equal(await statusBy({}, { 'Sec-Fetch-Site': 'cross-site' }), 403)
    const visitor = visitorOf(told)
    await visitor.get('/sign-in')
    const asked = { email: person.user.email, password: storyPassword }
    assert.equal((await visitor.send('/sign-in', asked, { 'Sec-Fetch-Site': 'cross-site' })).status, 400)
    for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example', '/sign-in'])
      assert.equal((await signIn(visitor, person.user.email, storyPassword, to)).to, '/', to)
  }))

test('whoever guesses is told to wait, and keeps nobody out for good', () =>
  story({}, async (told) => {
    const { user } = await signInAs(told, { role: 'owner' })
    const known = visitorOf(told, {}, '41.90.1.1')
    await signIn(known, user.email, storyPassword)
    const guesser = visitorOf(told, {}, '41.90.6.6')
    const together = /do not belong together/
    for (let guess = 1; guess <= 5; guess++) assert.match((await signIn(guesser, user.email, 'guess')).text, together)
    const refused = await signIn(guesser, user.email, storyPassword)
    assert.deepEqual([refused.status, refused.headers.get('Retry-After')], [429, '900'])
    assert.match(refused.text, /Wait 15 minutes/)
    assert.match((await signIn(guesser, 'nobody@duka.example', 'guess')).text, together)

    for (let network = 0; network < 12; network++)
      for (let guess = 0; guess < 4; guess++)
        await countAttempt(told.context, { email: user.email, address: `197.1.${network}.1` })
    const stranger = visitorOf(told, {}, '105.1.1.1')
    assert.equal((await signIn(stranger, user.email, storyPassword)).status, 429)
    // Where the user has been before, they are let in.
    assert.equal((await signIn(known, user.email, storyPassword)).to, '/')
    await told.advance('15 minutes')
    assert.equal((await signIn(stranger, user.email, storyPassword)).to, '/')
  }))

async function audited({ context, merchant }: Story): Promise<{ rows: string[] }> {
  const found = await context.database.query<{ action: string }>(
    sql`select action from audit_log where merchant_id = ${merchant.id} and actor like 'user:usr_%' order by id`,
  )
  return { rows: found.map(({ action }) => action) }
}
