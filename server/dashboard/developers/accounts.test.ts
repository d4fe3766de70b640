import assert from 'node:assert/strict'
import { test } from 'node:test'
import { county } from '../../../testing/county.ts'
import { textOf } from '../../../testing/payer.ts'
import { signInAs, storyPassword } from '../../../testing/signed-in.ts'
import { story } from '../../../testing/story.ts'
import { pesaflowCredentials } from '../../accounts/account.ts'
import { defaultAccount } from '../../accounts/named.ts'

const ecitizen = {
  provider: 'pesaflow',
  env: 'simulator',
  api_client_id: '588',
  service_id: '48798',
  name: 'Overload fines',
  password_again: storyPassword,
}

test('an account with eCitizen is added by a form in its own words, corrected, tried, and asked no phone', () =>
  story({}, async (told) => {
    const developer = await signInAs(told, { role: 'developer', name: 'Baraka' })
    const read = async (path: string) => textOf((await developer.get(path)).text)
    const words = await read('/developers/accounts/new?provider=pesaflow')
    assert.match(words, /M-Pesa ?eCitizen.*eCitizen’s test system.*Client number.*Service number.*Key.*Secret/)
    assert.doesNotMatch(words, /Passkey|Short code|Safaricom/)
    assert.match(await read('/developers/accounts/new'), /Safaricom’s sandbox.*Short code.*Passkey/)

    await developer.get('/developers/accounts/new?provider=pesaflow')
    const wrong = await developer.send('/developers/accounts', { ...ecitizen, api_client_id: 'KE-588', secret: 'kept' })
    assert.equal(wrong.status, 400)
    assert.match(wrong.text, /id="api_client_id-wrong"[^>]*>A client number is 1 to 10 digits, as eCitizen gave it/)
    assert.match(wrong.text, /name="service_id"[^>]*value="48798"/)
    const without = await developer.send('/developers/accounts', {
      ...ecitizen,
      api_key: '',
      secret: 'simulator-secret',
    })
    assert.match(without.text, /id="api_key-wrong"[^>]*>The account needs its api key/)
    const secrets = { api_key: 'simulator-key', secret: 'simulator-secret', ipn_recipe: 'B' }
    const made = await developer.send('/developers/accounts', { ...ecitizen, ...secrets })
    assert.match(made.to ?? textOf(made.text), /^\/developers\/accounts\/acc_[0-9a-f]{32}\?done=account_kept$/)

    const path = made.to!.replace(/\?.*/, '')
    assert.match(await read(path), /eCitizen service 48798.*Client number 588/)
    assert.match(await read('/developers'), /Overload fines ?eCitizen service 48798/)
    await developer.get(path)
    assert.equal((await developer.send(path, { api_key: 'a-later-key' })).to, `${path}?done=account_kept`)
    const account = await defaultAccount(told.context, told.merchant.id, 'pesaflow')
    assert.deepEqual(
      [pesaflowCredentials(account).api_key, pesaflowCredentials(account).secret],
      ['a-later-key', 'simulator-secret'],
    )
    await developer.get(path)
    assert.match(textOf((await developer.send(`${path}/try`)).text), /eCitizen/)
    for (const page of ['/cashier', '/reconciliation'])
      assert.doesNotMatch(await read(page), /Overload fines|48798/, page)
  }))

test('a payment at eCitizen is told in eCitizen’s name', () =>
  county({}, async (told) => {
    const owner = await signInAs(told, { role: 'owner' })
    const { id } = await told.bill({ amount: 100 })
    const text = textOf((await owner.get(`/payments/${id}`)).text)
    assert.match(text, /Ask eCitizen now.*Paid to.*eCitizen service 48798/)
    assert.doesNotMatch(text, /M-Pesa (told|took|code|answered)|M-Pesa’s answer/)
  }))
