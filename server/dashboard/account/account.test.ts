import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { signInAs, storyPassword } from '../../../testing/signed-in.ts'
import { story } from '../../../testing/story.ts'
import { visitorOf } from '../../../testing/visitor.ts'
import { browserName } from './browser-name.ts'

const phone =
  'Mozilla/5.0 (Linux; Android 14; TECNO KI5) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36'

test('whoever is signed in sees where, ends it, sets up the code of a phone, and takes another password', () =>
  story({}, async (told) => {
    const cashier = await signInAs(told, { role: 'cashier', name: 'Wanjiru' })
    const other = visitorOf(told, {}, '41.90.1.1')
    await other.get('/sign-in')
    const typed = { email: cashier.user.email, password: storyPassword }
    await other.send('/sign-in', typed, { 'User-Agent': phone })
    assert.match((await cashier.get('/account')).text, /Chrome on Android[^]*from 41\.90\.1\.1/)
    assert.equal((await cashier.send('/account/sessions/end')).to, '/account?done=session_ended')
    assert.equal((await other.get('/account')).to, '/sign-in?to=%2Faccount')

    assert.match((await cashier.send('/account/second-factor')).text, /Type your password again/)
    const again = { password_again: storyPassword }
    assert.equal((await cashier.send('/account/second-factor', again)).to, '/account#second-factor')
    const [, key] = /class="secret code">([A-Z2-7 ]+)</.exec((await cashier.get('/account')).text)!
    assert.match(
      (await cashier.send('/account/second-factor/begin', { code: '12' })).text,
      /not the code that shows now/,
    )
    const timestamp = told.clock.now().getTime()
    const code = new TOTP({ secret: Secret.fromBase32(key!.replaceAll(' ', '')) }).generate({ timestamp })
    const begun = await cashier.send('/account/second-factor/begin', { code })
    assert.equal(begun.text.match(/<li>[a-z2-9]{6}-[a-z2-9]{6}<\/li>/g)!.length, 10)

    const renew = (fields: Record<string, string>) => cashier.send('/account/password', fields)
    assert.match((await renew({ new: 'wanjiru wanjiru', new_again: '' })).text, /Leave your name and address out/)
    assert.match((await renew({ new: 'maziwa na mkate', new_again: 'maziwa' })).text, /The two are not the same/)
    const kept = await renew({ new: 'maziwa na mkate', new_again: 'maziwa na mkate' })
    assert.equal(kept.to, '/account?done=password_changed')
    await told.advance('11 minutes')
    assert.match((await cashier.send('/account/second-factor/end', again)).text, /This is not your password/)
    const mine = { password_again: 'maziwa na mkate' }
    assert.equal((await cashier.send('/account/second-factor/end', mine)).to, '/account?done=second_factor_ended')
  }))

for (const [agent, name] of [
  [phone, 'Chrome on Android'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1',
    'Safari on an iPhone',
  ],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0', 'Edge on Windows'],
  ['curl/8.5', 'A browser that says nothing of itself'],
] as const)
  test(`${name} is said of ${agent.slice(0, 40)}`, () => assert.equal(browserName(agent), name))
