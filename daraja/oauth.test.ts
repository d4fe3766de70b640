import assert from 'node:assert/strict'
import test from 'node:test'
import { post } from './core/send.ts'
import type { Token } from './core/token-store.ts'
import { failedFetch, recorded, scriptedDaraja } from './fixtures/gateway.ts'
import type { Line } from './fixtures/gateway.ts'

const yes: Line = { status: 200, body: '{"ResponseCode":"0"}' }
const wrongKeys = recorded('oauth.refused.wrong-keys.txt', 400)
const unavailable = recorded('gateway.503.html', 503)

test('keys are sent once, and the token with each call after it', async () => {
  const { daraja, seen, oauthSeen } = scriptedDaraja({ api: [yes], oauth: [recorded('oauth.json')] })
  await post(daraja, '/a', {})
  await post(daraja, '/b', {})
  assert.equal(oauthSeen.length, 1)
  assert.equal(oauthSeen[0]?.url, 'https://daraja.test/oauth/v1/generate?grant_type=client_credentials')
  assert.equal(oauthSeen[0]?.headers.get('Authorization'), `Basic ${btoa('key:secret')}`)
  assert.deepEqual(
    seen.map(({ headers }) => headers.get('Authorization')),
    ['Bearer c9SQxWWhmdVRlyh0zh8gZDTkubVF', 'Bearer c9SQxWWhmdVRlyh0zh8gZDTkubVF'],
  )
})

test('many calls at once share one token', async () => {
  const { daraja, seen, oauthSeen } = scriptedDaraja({ api: [yes] })
  await Promise.all(Array.from({ length: 50 }, (_, index) => post(daraja, `/${index}`, {})))
  assert.equal(oauthSeen.length, 1)
  assert.equal(seen.length, 50)
})

test('a token is replaced a minute before it ends, whether its life is text or a number', async () => {
  for (const fixture of ['oauth.json', 'oauth.number.json']) {
    let now = new Date('2026-11-20T12:00:00Z')
    const { daraja, oauthSeen } = scriptedDaraja({ api: [yes], oauth: [recorded(fixture)] }, { now: () => now })
    await post(daraja, '/a', {})
    now = new Date('2026-11-20T12:58:58Z')
    await post(daraja, '/a', {})
    assert.equal(oauthSeen.length, 1)
    now = new Date('2026-11-20T12:58:59Z')
    await post(daraja, '/a', {})
    assert.equal(oauthSeen.length, 2)
  }
})

const tokenRefusals: [string, number][] = [
  ['token.refused.404.001.03.json', 404],
  ['token.refused.400.003.01.json', 400],
  ['token.refused.401.001.json', 401],
  ['token.refused.401.002.01.json', 401],
  ['token.refused.401.003.01.json', 401],
  ['token.refused.401.json', 401],
  ['token.refused.text.txt', 401],
]

test('a call whose token is refused is repeated with a fresh one, in whichever words it is refused', async () => {
  for (const [fixture, status] of tokenRefusals) {
    const { daraja, seen } = scriptedDaraja({ api: [recorded(fixture, status), yes] })
    const reply = await post(daraja, '/a', {})
    assert.equal(reply.status, 200, fixture)
    assert.deepEqual(
      seen.map(({ headers }) => headers.get('Authorization')),
      ['Bearer token-1', 'Bearer token-2'],
    )
  }
})

test('a call whose token is refused for ever ends after three repetitions with growing pauses', async () => {
  const { daraja, seen, waits } = scriptedDaraja({ api: [recorded('token.refused.404.001.03.json', 404)] })
  const reply = await post(daraja, '/a', {})
  assert.equal(reply.status, 404)
  assert.equal(seen.length, 4)
  assert.deepEqual(waits, [200, 400, 800])
})

test('calls whose common token is refused at once mint one new token between them', async () => {
  const refusal = recorded('token.refused.404.001.03.json', 404)
  const { daraja, oauthSeen } = scriptedDaraja({ api: [...Array.from({ length: 20 }, () => refusal), yes] })
  await Promise.all(Array.from({ length: 20 }, () => post(daraja, '/a', {})))
  assert.equal(oauthSeen.length, 2)
})

test('no other refusal is repeated', async () => {
  const lines = [
    recorded('gateway.not-found.json', 404),
    recorded('gateway.403.html', 403),
    recorded('gateway.busy.json', 500),
  ]
  for (const line of lines) {
    const { daraja, seen } = scriptedDaraja({ api: [line] })
    await post(daraja, '/a', {})
    assert.equal(seen.length, 1)
  }
})

test('wrong keys refuse the call with advice, and nothing of it is sent', async () => {
  const { daraja, seen, oauthSeen } = scriptedDaraja({ api: [yes], oauth: [wrongKeys] })
  const reply = await post(daraja, '/a', {})
  assert.equal(reply.kind, 'refused')
  assert.equal(reply.kind === 'refused' && reply.code, 'token_refused')
  assert.match((reply.kind === 'refused' && reply.advice) || '', /consumer key and secret/)
  assert.deepEqual([seen.length, oauthSeen.length], [0, 1])
})

test("Safaricom's own words for refused keys are passed on", async () => {
  for (const [name, code] of [
    ['not-basic', '400.008.01'],
    ['grant-type', '400.008.02'],
  ]) {
    const { daraja } = scriptedDaraja({ api: [yes], oauth: [recorded(`oauth.refused.${name}.json`, 400)] })
    const reply = await post(daraja, '/a', {})
    assert.equal(reply.kind === 'refused' && reply.code, code)
  }
})

test('what stops a token from being made for a moment is tried again three times', async () => {
  const passing = [
    unavailable,
    recorded('gateway.spike-arrest.json', 500),
    failedFetch({ code: 'ECONNRESET' }),
    recorded('oauth.json'),
  ]
  const { daraja, oauthSeen, waits } = scriptedDaraja({ api: [yes], oauth: passing })
  assert.equal((await post(daraja, '/a', {})).status, 200)
  assert.equal(oauthSeen.length, 4)
  assert.deepEqual(waits, [500, 1000, 2000])
})

test('a token that cannot be had refuses the call, since nothing of it was sent', async () => {
  for (const line of [unavailable, failedFetch({ name: 'TimeoutError' }), { status: 200, body: '<html></html>' }]) {
    const { daraja, seen, oauthSeen } = scriptedDaraja({ api: [yes], oauth: [line] })
    const reply = await post(daraja, '/a', {})
    assert.equal(reply.kind === 'refused' && reply.code, 'token_unavailable')
    assert.deepEqual([seen.length, oauthSeen.length], [0, 4])
  }
})

test('two processes with one token store make one token between them', async () => {
  let stored: Token | undefined
  const tokenStore = {
    read: () => Promise.resolve(stored),
    async mint(unfit: string | undefined, mintNow: () => Promise<Token>) {
      if (stored === undefined || stored.value === unfit) stored = await mintNow()
      return stored
    },
  }
  const first = scriptedDaraja({ api: [yes] }, { tokenStore })
  const second = scriptedDaraja({ api: [yes] }, { tokenStore })
  await post(first.daraja, '/a', {})
  await post(second.daraja, '/a', {})
  assert.deepEqual([first.oauthSeen.length, second.oauthSeen.length], [1, 0])
})

test('a process whose token is refused takes the newer one that another process has made', async () => {
  const token = (value: string) => ({ value, expiresAt: new Date('2026-11-20T17:58:03Z') })
  const reads = [token('old'), token('new')]
  const tokenStore = {
    read: () => Promise.resolve(reads.shift()),
    mint: () => Promise.reject(new Error('No need to.')),
  }
  const api = [recorded('token.refused.404.001.03.json', 404), yes]
  const { daraja, seen } = scriptedDaraja({ api }, { tokenStore })
  assert.equal((await post(daraja, '/a', {})).status, 200)
  assert.equal(seen[1]?.headers.get('Authorization'), 'Bearer new')
})

test('a token store that fails refuses the call, since nothing of it was sent', async () => {
  const tokenStore = {
    read: () => Promise.reject(new Error('database away')),
    mint: () => Promise.reject(new Error('database away')),
  }
  const reply = await post(scriptedDaraja({ api: [yes] }, { tokenStore }).daraja, '/a', {})
  assert.equal(reply.kind === 'refused' && reply.code, 'token_unavailable')
})
