import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { signInAs, storyPassword } from '../../testing/signed-in.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { visitorOf } from '../../testing/visitor.ts'
import { passwordLink } from './printed-link.ts'
import { beginSecondFactor, endSecondFactor, offerSecondFactor } from './second-factor.ts'
import { userOf } from './user.ts'

/** What an authenticator app shows at this moment. */
const codeOf = ({ clock }: Story, secret: string): string =>
  new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) }).generate({ timestamp: clock.now().getTime() })

test('a code of the phone is asked for after the password, each counts once, and one is left for a lost phone', () =>
  story({}, async (told) => {
    const { user } = await signInAs(told, { role: 'owner' })
    const context = { ...told.context, isConfirmed: true }
    await assert.rejects(offerSecondFactor({ ...context, isConfirmed: false }, user), { code: 'password_required' })
    const { secret, uri } = await offerSecondFactor(context, user)
    assert.match(uri, /^otpauth:\/\/totp\/Lango:owner%40duka.example\?issuer=Lango&secret=/)
    assert.equal(await beginSecondFactor(context, await userOf(context, user.id), '000000'), undefined)
    const codes = (await beginSecondFactor(context, await userOf(context, user.id), codeOf(told, secret)))!
    assert.equal(new Set(codes).size, 10)

    const signIn = async (code: string) => {
      const visitor = visitorOf(told)
      await visitor.get('/sign-in?to=/payouts')
      const asked = await visitor.send('/sign-in', { email: user.email, password: storyPassword })
      assert.match(asked.text, /And the code/)
      return visitor.send('/sign-in/code', { code })
    }
    assert.equal((await signIn(codeOf(told, secret))).status, 400, 'It was used when the second factor began.')
    await told.advance('31 s')
    assert.equal((await signIn(codeOf(told, secret))).to, '/payouts')
    assert.equal((await signIn(codeOf(told, secret))).status, 400)
    assert.equal((await signIn(` ${codes[3]!.slice(0, 6)}-${codes[3]!.slice(6)} `)).to, '/payouts')
    assert.equal((await signIn(codes[3]!)).status, 400)
    for (let guess = 0; guess < 4; guess++) await signIn('123456')
    assert.equal((await signIn(codes[4]!)).status, 429)

    const link = new URL(await passwordLink(context, user.email, { withoutCode: true })).pathname
    const visitor = visitorOf(told)
    await visitor.get(link)
    const password = 'mkate na siagi kila siku'
    assert.equal((await visitor.send(link, { password, again: password })).to, '/sign-in')
    await visitor.get('/sign-in')
    assert.equal((await visitor.send('/sign-in', { email: user.email, password })).to, '/')
    await endSecondFactor(context, user.id)
    const { body } = await told.call('GET', '/v1/audit/logs?limit=100')
    const told_of = body.data
      .map(({ action }: { action: string }) => action)
      .filter((action: string) => /factor|code|password/.test(action))
    assert.deepEqual(told_of, [
      'user.password_changed',
      'user.second_factor_ended',
      'user.recovery_code_used',
      'user.second_factor_begun',
    ])
  }))
