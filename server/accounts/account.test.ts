import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPayments } from '../payments/check.ts'
import { story, storyCredentials } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { configureAccount } from './configure.ts'
import { defaultAccount } from './named.ts'

test('a payment is asked about by the short code that it was made with, also when the shop has another since', () => {
  const asked: string[] = []
  const wrap = {
    fetch:
      (next: typeof fetch): typeof fetch =>
      async (input, init) => {
        if (String(input).includes('stkpushquery')) asked.push(JSON.parse(String(init?.body)).BusinessShortCode)
        return next(input, init)
      },
  }
  return story({ wrap }, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 }] })
    const { id } = await told.pay({ phone: '0708374149' })
    await configureAccount(told.context, {
      merchant_id: told.merchant.id,
      provider: 'mpesa',
      environment: 'simulator',
      shortcode: '600000',
      till: null,
      type: 'paybill',
      credentials: storyCredentials,
    })
    await told.advance('76 s')
    await checkPayments.run(told.context)
    assert.deepEqual(asked, ['174379'])
    assert.equal((await told.payment(id)).status, 'completed')
  })
})

const theirs = { consumer_key: 'a-key', consumer_secret: 'a-secret', passkey: 'a-passkey' }
const put = (told: Story, change: Record<string, string>) =>
  told.call('PUT', '/v1/merchant/providers/mpesa', {
    mpesa: { ...theirs, env: 'simulator', shortcode: '174379', ...change },
  })

test('an account that is set again with the same credentials keeps its id, its operator and its registrations', () =>
  story({}, async (told) => {
    const operator = { initiator: 'testapi', security_credential: 'A'.repeat(344), nominated_number: '0722000000' }
    const first = await put(told, operator)
    assert.equal((await told.call('POST', '/v1/mpesa/c2b/register')).status, 200)
    const before = await defaultAccount(told.context, told.merchant.id, 'mpesa')

    const again = await put(told, {})
    assert.deepEqual(again.body.data, first.body.data)
    const after = await defaultAccount(told.context, told.merchant.id, 'mpesa')
    assert.deepEqual(after, before)
  }))

test('a change back to an environment used before finds that account again, with its operator and registrations', () =>
  story({}, async (told) => {
    await put(told, { initiator: 'testapi', security_credential: 'A'.repeat(344) })
    await told.call('POST', '/v1/mpesa/c2b/register')
    const before = await defaultAccount(told.context, told.merchant.id, 'mpesa')
    await put(told, { env: 'sandbox' })
    const between = await defaultAccount(told.context, told.merchant.id, 'mpesa')
    assert.notEqual(between.id, before.id)
    assert.equal(between.credentials.initiator, undefined, "an operator is an account's own")

    await put(told, {})
    const after = await defaultAccount(told.context, told.merchant.id, 'mpesa')
    assert.equal(after.id, before.id)
    assert.deepEqual(after.credentials, before.credentials)
    assert.deepEqual([after.c2b_token, after.c2b_registered_at], [before.c2b_token, before.c2b_registered_at])
    await put(told, { env: 'sandbox' })
    assert.equal((await defaultAccount(told.context, told.merchant.id, 'mpesa')).id, between.id)
  }))

test('an access token survives whatever leaves the key and secret that it was given for', () =>
  story({}, async (told) => {
    await told.pay({ phone: '0708374149' })
    const tokenOf = async () => (await defaultAccount(told.context, told.merchant.id, 'mpesa')).access_token
    const token = await tokenOf()
    assert.ok(token)
    await put(told, { ...storyCredentials, passkey: 'another' })
    assert.deepEqual(await tokenOf(), token)
    await put(told, { ...storyCredentials, consumer_secret: 'another' })
    assert.equal(await tokenOf(), null)
  }))

test('a live account is changed by whoever runs the machine, and said again by its key', () =>
  story({ environment: 'live' }, async (told) => {
    const live = { env: 'live', ...storyCredentials }
    const same = await put(told, live)
    assert.equal(same.status, 200)
    const changed = await put(told, { ...live, passkey: 'another' })
    assert.deepEqual([changed.status, changed.body.error.code], [403, 'owner_required'])
    assert.match(changed.body.error.message, /lango merchants provider mpesa --merchant mer_[0-9a-f]{32} --help/)
    assert.equal((await put(told, { env: 'sandbox' })).body.error.code, 'owner_required', 'nor is it put aside')

    const owner = { ...told.context, actor: 'user:operator', isOwner: true }
    const { id } = await defaultAccount(owner, told.merchant.id, 'mpesa')
    const change = {
      merchant_id: told.merchant.id,
      provider: 'mpesa',
      environment: 'live',
      shortcode: '174379',
    } as const
    const corrected = await configureAccount(owner, {
      ...change,
      till: null,
      type: 'paybill',
      credentials: { passkey: 'right' },
    })
    assert.deepEqual(
      [corrected.id, corrected.credentials.passkey, corrected.credentials.initiator],
      [id, 'right', 'testapi'],
    )
  }))

test('a live account needs an address at which Safaricom can tell of payments', () =>
  story({}, async (told) => {
    const owner = { ...told.context, actor: 'user:operator', isOwner: true }
    for (const publicUrl of [
      'http://localhost:4000',
      'http://pay.shop.example',
      'https://192.168.1.7',
      'https://till.local',
    ]) {
      const context = { ...owner, config: { ...owner.config, publicUrl } }
      const live = {
        merchant_id: told.merchant.id,
        provider: 'mpesa',
        environment: 'live',
        shortcode: '600123',
      } as const
      await assert.rejects(configureAccount(context, { ...live, till: null, type: 'paybill', credentials: theirs }), {
        code: 'not_supported_in_environment',
        message: /PUBLIC_URL/,
      })
    }
  }))

test('Pesaflow is said not to be there yet, whatever is asked of it', () =>
  story({}, async (told) => {
    const answers = [
      await told.call('PUT', '/v1/merchant/providers/pesaflow', {
        provider: 'pesaflow',
        pesaflow: { api_client_id: '1' },
      }),
      await told.call('GET', '/v1/merchant/providers/pesaflow'),
      await told.call('POST', '/v1/payments', { amount: 100, phone: '0712345678', provider: 'pesaflow' }),
    ]
    for (const { status, body } of answers) {
      assert.deepEqual([status, body.error.code], [422, 'not_supported'])
      assert.equal(body.error.message, 'The provider pesaflow is not there yet: this Lango speaks to mpesa.')
    }
  }))

test('the provider may stand in the body, too', () =>
  story({}, async (told) => {
    const body = { provider: 'mpesa', mpesa: { env: 'sandbox', shortcode: '600000', ...storyCredentials } }
    const set = await told.call('PUT', '/v1/merchant/providers', body)
    assert.equal(set.status, 200, JSON.stringify(set.body))
    assert.deepEqual((await told.call('GET', '/v1/merchant/providers/mpesa')).body, set.body)
    const { status, body: refused } = await told.call('PUT', '/v1/merchant/providers', {
      ...body,
      provider: 'pesaflow',
    })
    assert.deepEqual([status, refused.error.param], [400, 'provider'])
  }))
