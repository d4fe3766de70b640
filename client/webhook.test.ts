import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { signMessage } from '../server/webhooks/sign.ts'
import { LangoError, signWebhook, verifyWebhook } from './index.ts'
import type { WebhookHeaders } from './index.ts'

const secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazAmt5BlUXs='
const otherSecret = `whsec_${btoa('another secret of another shop..')}`
const now = new Date('2026-11-20T17:15:05Z')
const event = { id: 'evt_1', type: 'payment.completed', created_at: now.toISOString(), data: { amount: '100.00' } }
const body = JSON.stringify(event)

const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const fails = (code: string, words: RegExp) => (thrown: unknown) =>
  thrown instanceof LangoError && thrown.code === code && words.test(thrown.message)

test('what was signed with the secret is the event', async () => {
  const headers = await signWebhook(body, secret, { now })
  assert.deepEqual(await verifyWebhook(body, headers, secret, { now }), event)
})

test('the signature is that of Standard Webhooks', async () => {
  const headers = await signWebhook(body, secret, { id: 'evt_2', now })
  assert.equal(headers['webhook-signature'], new Webhook(secret).sign('evt_2', now, body))
})

test('the body may come as text or bytes, the headers as any server has them', async () => {
  const headers = await signWebhook(body, secret, { now })
  const entries = Object.entries(headers)
  const shapes: WebhookHeaders[] = [
    new Headers(headers),
    Object.fromEntries(entries.map(([name, value]) => [name.toUpperCase(), value])),
    Object.fromEntries(entries.map(([name, value]) => [name, [value]])),
  ]
  for (const shape of shapes) assert.deepEqual(await verifyWebhook(body, shape, secret, { now }), event)
  const bytes = new TextEncoder().encode(body)
  for (const raw of [bytes, Buffer.from(body), bytes.buffer])
    assert.deepEqual(await verifyWebhook(raw, headers, secret, { now }), event)
})

test("Lango's own signature is taken where only that has come through, as Lango signs it, and by the same rules", async () => {
  const secrets = { current: secret, previous: otherSecret }
  const signed = signMessage({ id: event.id, type: event.type, body, at: now }, secrets)
  const own = Object.fromEntries(Object.entries(signed).filter(([name]) => name.startsWith('X-Payments-')))
  for (const each of [secret, otherSecret]) assert.deepEqual(await verifyWebhook(body, own, each, { now }), event)
  const { 'X-Payments-Signature-Previous': _, ...fresh } = own
  const wrong = fails('signature_wrong', /raw body/)
  await assert.rejects(verifyWebhook(body, fresh, otherSecret, { now }), wrong)
  await assert.rejects(verifyWebhook(body.replace('100', '900'), own, secret, { now }), wrong)
  for (const nothing of ['sha256=', 'sha256=xyz', own['X-Payments-Signature']!.slice(7)])
    await assert.rejects(verifyWebhook(body, { ...fresh, 'X-Payments-Signature': nothing }, secret, { now }), wrong)
  await assert.rejects(
    verifyWebhook(body, own, secret, { now: later(301) }),
    fails('timestamp_out_of_range', /301 seconds old/),
  )
})

test('a webhook for a test has every header that Lango sends', async () => {
  const made = await signWebhook(body, secret, { now })
  const sent = signMessage({ id: event.id, type: event.type, body, at: now }, { current: secret })
  assert.deepEqual(made, sent)
})

test('while a secret is exchanged, the old one and the new one fit', async () => {
  const [old, fresh] = [await signWebhook(body, secret, { now }), await signWebhook(body, otherSecret, { now })]
  const headers = { ...old, 'webhook-signature': `${fresh['webhook-signature']} ${old['webhook-signature']}` }
  assert.deepEqual(await verifyWebhook(body, headers, secret, { now }), event)
  assert.deepEqual(await verifyWebhook(body, headers, otherSecret, { now }), event)
})

test('a changed body, id or time, or another secret, does not fit', async () => {
  const headers = await signWebhook(body, secret, { now })
  const wrong = fails('signature_wrong', /raw body/)
  await assert.rejects(verifyWebhook(body.replace('100', '900'), headers, secret, { now }), wrong)
  await assert.rejects(verifyWebhook(JSON.stringify(event, null, 2), headers, secret, { now }), wrong)
  await assert.rejects(verifyWebhook(body, { ...headers, 'webhook-id': 'evt_9' }, secret, { now }), wrong)
  const timestamp = String(Number(headers['webhook-timestamp']) + 1)
  await assert.rejects(verifyWebhook(body, { ...headers, 'webhook-timestamp': timestamp }, secret, { now }), wrong)
  await assert.rejects(verifyWebhook(body, headers, otherSecret, { now }), wrong)
  for (const signature of ['v1,', 'v1,***', 'v1a,AAAA', 'nonsense'])
    await assert.rejects(verifyWebhook(body, { ...headers, 'webhook-signature': signature }, secret, { now }), wrong)
})

test('an old message is refused, and so is one from the future', async () => {
  const headers = await signWebhook(body, secret, { now })
  const stale = (words: RegExp) => fails('timestamp_out_of_range', words)
  await verifyWebhook(body, headers, secret, { now: later(300) })
  await assert.rejects(verifyWebhook(body, headers, secret, { now: later(301) }), stale(/301 seconds old/))
  await assert.rejects(verifyWebhook(body, headers, secret, { now: later(-301) }), stale(/301 seconds ahead/))
  await verifyWebhook(body, headers, secret, { now: later(3_600), toleranceSeconds: 3_600 })
  const timeless = { ...headers, 'webhook-timestamp': 'soon' }
  await assert.rejects(verifyWebhook(body, timeless, secret, { now }), stale(/"soon", which is no time/))
  await assert.rejects(verifyWebhook(body, headers, secret), stale(/seconds (old|ahead)/))
})

test('the usual mistakes are told what to do instead', async () => {
  const headers = await signWebhook(body, secret, { now })
  const parsed = event as unknown as string
  await assert.rejects(verifyWebhook(parsed, headers, secret, { now }), fails('raw_body_needed', /express\.raw/))
  const missing = undefined as unknown as string
  await assert.rejects(verifyWebhook(missing, headers, secret, { now }), fails('raw_body_needed', /is undefined/))
  await assert.rejects(verifyWebhook(body, {}, secret, { now }), fails('signature_missing', /webhook-id is missing/))
  for (const bad of ['sk_test_1', 'whsec_', 'whsec_***', missing])
    await assert.rejects(verifyWebhook(body, headers, bad, { now }), fails('secret_malformed', /The API key is not it/))
})
