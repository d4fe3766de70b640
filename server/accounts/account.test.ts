import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPayments } from '../payments/check.ts'
import { story, storyCredentials } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'
import { mpesaCredentials } from './account.ts'
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
    assert.equal(mpesaCredentials(between).initiator, undefined, "an operator is an account's own")

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
      [corrected.id, mpesaCredentials(corrected).passkey, mpesaCredentials(corrected).initiator],
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

test('an account with Pesaflow is set, its secrets sealed and masked; what is not given stays', () =>
  story({}, async (told) => {
    const set = (pesaflow: Record<string, unknown>) =>
      told.call('PUT', '/v1/merchant/providers/pesaflow', { provider: 'pesaflow', pesaflow })
    const asked = await told.call('GET', '/v1/merchant/providers/pesaflow')
    assert.deepEqual([asked.status, asked.body.error.code], [422, 'provider_not_configured'])
    const number = { env: 'simulator', api_client_id: '588', service_id: '48798' }
    const keyless = await set({ ...number, secret: 'simulator-secret' })
    assert.deepEqual([keyless.status, keyless.body.error.param], [400, 'pesaflow.api_key'])

    const first = await set({ ...number, api_key: 'simulator-key', secret: 'simulator-secret' })
    const summary = { ...number, api_key: '****-key', secret: '****cret', host: null, ipn_recipe: 'B' }
    assert.deepEqual(first.body.data.config_summary, summary)
    const kept = await told.context.database.one<{ text: string }>(
      sql`select encode(credentials, 'escape') as text from provider_accounts where provider = 'pesaflow'`,
    )
    assert.doesNotMatch(kept.text, /simulator/)
    const again = await set({ ...number, ipn_recipe: 'A', host: 'pesaflow.ecitizen.go.ke' })
    assert.equal(again.body.data.account_id, first.body.data.account_id)
    const other = { ...summary, ipn_recipe: 'A', host: 'pesaflow.ecitizen.go.ke' }
    assert.deepEqual((await told.call('GET', '/v1/merchant/providers/pesaflow')).body.data.config_summary, other)

    const service = await set({ ...number, service_id: '2', api_key: 'k', secret: 's' })
    assert.notEqual(service.body.data.account_id, first.body.data.account_id, 'another service is another account')
    const listed = (await told.call('GET', '/v1/merchant/accounts')).body.data
    assert.deepEqual(
      listed.map(({ provider, name, is_default }: any) => [provider, name, is_default]),
      [
        ['pesaflow', '2', true],
        ['pesaflow', '48798', false],
        ['mpesa', '174379', true],
      ],
    )
  }))

test('what is not of the provider is refused, each with its field', () =>
  story({}, async (told) => {
    const pesaflow = { env: 'live', api_client_id: '588', service_id: '1', api_key: 'k', secret: 's' }
    const put = async (path: string, body: unknown) => {
      const { status, body: answer } = await told.call('PUT', path, body)
      return [status, answer.error.code, answer.error.param]
    }
    const path = '/v1/merchant/providers'
    assert.deepEqual(await put(path, { provider: 'pesaflow', pesaflow }), [403, 'forbidden', 'pesaflow.env'])
    assert.deepEqual(await put(path, { provider: 'pesaflow' }), [400, 'invalid_request', 'pesaflow'])
    assert.deepEqual(await put(`${path}/mpesa`, { pesaflow }), [400, 'invalid_request', 'pesaflow'])
    assert.deepEqual(await put(`${path}/mpesa`, { provider: 'pesaflow', pesaflow }), [
      400,
      'invalid_request',
      'provider',
    ])
    const host = { ...pesaflow, env: 'sandbox', host: 'pesaflow.example.com' }
    assert.deepEqual(await put(path, { provider: 'pesaflow', pesaflow: host }), [
      400,
      'invalid_request',
      'pesaflow.host',
    ])
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
    assert.deepEqual([status, refused.error.param], [400, 'mpesa'])
  }))
