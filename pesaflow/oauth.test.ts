import assert from 'node:assert/strict'
import test from 'node:test'
import { createInvoice } from './create-invoice.ts'
import { bill } from './fixtures/bill.ts'
import { readFixture } from './fixtures/fixture.ts'
import { failedFetch, recorded, scriptedPesaflow } from './fixtures/gateway.ts'
import type { Line } from './fixtures/gateway.ts'
import { requestToken } from './oauth.ts'

const created = recorded('create-invoice.accepted.json')
const tokenRefused = recorded('oauth.refused.json', 401)
const notGranted = recorded('create-invoice.refused.not-granted.json', 401)

const tokensOf = (seen: { headers: Headers }[]) => seen.map(({ headers }) => headers.get('Authorization'))

test('key and secret are sent as JSON, and the token with each call after it', async () => {
  const { pesaflow, seen, oauthSeen } = scriptedPesaflow({ api: [created], oauth: [recorded('oauth.accepted.json')] })
  await createInvoice(pesaflow, bill)
  await createInvoice(pesaflow, bill)
  assert.equal(oauthSeen.length, 1)
  assert.equal(oauthSeen[0]?.url, 'https://pesaflow.test/api/oauth/generate/token')
  assert.equal(oauthSeen[0]?.text, readFixture('oauth.request.json').trim())
  const { token } = JSON.parse(readFixture('oauth.accepted.json')) as { token: string }
  assert.deepEqual(tokensOf(seen), [`Bearer ${token}`, `Bearer ${token}`])
})

test('many calls at once share one token', async () => {
  const { pesaflow, seen, oauthSeen } = scriptedPesaflow({ api: [created] })
  await Promise.all(Array.from({ length: 50 }, () => createInvoice(pesaflow, bill)))
  assert.deepEqual([oauthSeen.length, seen.length], [1, 50])
})

test('a token is replaced a minute before it ends', async () => {
  let now = new Date('2026-11-25T11:00:00Z')
  const { pesaflow, oauthSeen } = scriptedPesaflow({ api: [created] }, { now: () => now })
  await createInvoice(pesaflow, bill)
  now = new Date('2026-11-25T11:58:58Z')
  await createInvoice(pesaflow, bill)
  assert.equal(oauthSeen.length, 1)
  now = new Date('2026-11-25T11:58:59Z')
  await createInvoice(pesaflow, bill)
  assert.equal(oauthSeen.length, 2)
})

test('a call whose token is refused is repeated with a fresh one, three times at most', async () => {
  const once = scriptedPesaflow({ api: [tokenRefused, created] })
  assert.equal((await createInvoice(once.pesaflow, bill)).kind, 'accepted')
  assert.deepEqual(tokensOf(once.seen), ['Bearer token-1', 'Bearer token-2'])
  const always = scriptedPesaflow({ api: [tokenRefused] })
  assert.equal((await createInvoice(always.pesaflow, bill)).kind, 'refused')
  assert.equal(always.seen.length, 4)
  assert.deepEqual(always.waits, [200, 400, 800])
})

test('a missing grant is no refusal of the token, and is not asked again', async () => {
  const { pesaflow, seen } = scriptedPesaflow({ api: [notGranted] })
  const outcome = await createInvoice(pesaflow, bill)
  assert.equal(outcome.kind === 'refused' && outcome.code, 'not_granted')
  assert.match((outcome.kind === 'refused' && outcome.advice) || '', /grant/)
  assert.equal(seen.length, 1)
})

test('an invoice has the form that was recorded', async () => {
  const { pesaflow, seen } = scriptedPesaflow({ api: [created] })
  const outcome = await createInvoice(pesaflow, bill)
  assert.deepEqual(seen[0]?.body, JSON.parse(readFixture('create-invoice.request.json')))
  assert.equal(outcome.kind === 'accepted' && outcome.invoiceNumber, 'GWLQKD')
  for (const nested of ['{"invoice":{"invoice_number":"ABCDEF"}}', '{"data":{"invoice_number":"ABCDEF"}}']) {
    const other = await createInvoice(scriptedPesaflow({ api: [{ status: 200, body: nested }] }).pesaflow, bill)
    assert.deepEqual(other.kind === 'accepted' && [other.invoiceNumber, other.checkoutUrl], ['ABCDEF', undefined])
  }
})

test('wrong keys refuse the call with advice, and nothing of it is sent', async () => {
  for (const status of [400, 401, 403, 422]) {
    const { pesaflow, seen, oauthSeen } = scriptedPesaflow({
      api: [created],
      oauth: [recorded('oauth.refused.json', status)],
    })
    const outcome = await createInvoice(pesaflow, bill)
    assert.equal(outcome.kind === 'refused' && outcome.code, 'token_refused')
    assert.match((outcome.kind === 'refused' && outcome.advice) || '', /key and secret/)
    assert.deepEqual([seen.length, oauthSeen.length], [0, 1])
  }
})

test('what stops a token from being made for a moment is tried again three times', async () => {
  const passing: Line[] = [
    recorded('gateway.502.html', 502),
    recorded('checkout.page.html'),
    failedFetch({ code: 'ECONNRESET' }),
    recorded('oauth.accepted.json'),
  ]
  const { pesaflow, oauthSeen, waits } = scriptedPesaflow({ api: [created], oauth: passing })
  assert.equal((await createInvoice(pesaflow, bill)).kind, 'accepted')
  assert.equal(oauthSeen.length, 4)
  assert.deepEqual(waits, [500, 1000, 2000])
})

test('a token that cannot be had refuses the call, since nothing of it was sent', async () => {
  for (const line of [
    recorded('gateway.502.html', 502),
    failedFetch({ code: 'ECONNREFUSED' }),
    { status: 429, body: '' },
  ]) {
    const { pesaflow, seen, oauthSeen } = scriptedPesaflow({ api: [created], oauth: [line] })
    const outcome = await createInvoice(pesaflow, bill)
    assert.equal(outcome.kind === 'refused' && outcome.code, 'token_unavailable')
    assert.deepEqual([seen.length, oauthSeen.length], [0, 4])
  }
})

test('a token store that fails refuses the call', async () => {
  const tokenStore = { read: () => Promise.reject(new Error('no database')), mint: () => Promise.reject(new Error()) }
  const outcome = await createInvoice(scriptedPesaflow({}, { tokenStore }).pesaflow, bill)
  assert.match((outcome.kind === 'refused' && outcome.message) || '', /no database/)
})

test('credentials are tried past every store, once', async () => {
  const right = scriptedPesaflow({})
  const outcome = await requestToken(right.pesaflow)
  await requestToken(right.pesaflow)
  assert.equal(outcome.kind === 'accepted' && outcome.expiresAt.toISOString(), '2026-11-25T11:59:59.000Z')
  assert.equal(right.oauthSeen.length, 2)
  const wrong = await requestToken(scriptedPesaflow({ oauth: [tokenRefused] }).pesaflow)
  assert.equal(wrong.kind === 'refused' && wrong.code, 'token_refused')
  const away = await requestToken(scriptedPesaflow({ oauth: [recorded('gateway.502.html', 502)] }).pesaflow)
  assert.equal(away.kind, 'unknown')
})

test('a token in the words of OAuth is read, too', async () => {
  const line = { status: 200, body: '{"access_token":"t","expires_in":"60"}' }
  const outcome = await requestToken(scriptedPesaflow({ oauth: [line] }).pesaflow)
  assert.deepEqual(outcome.kind === 'accepted' && [outcome.value, outcome.expiresAt], [
    't',
    new Date('2026-11-25T11:01:00Z'),
  ])
})
