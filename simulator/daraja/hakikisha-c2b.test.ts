import assert from 'node:assert/strict'
import { test } from 'node:test'
import { merchant } from '../testing/merchant.ts'
import { fixture } from '../testing/recordings.ts'

/** A partner that names one account, to whoever has its token. */
function partner(change: (url: URL) => Response | undefined = () => undefined) {
  const seen: { path: string; authorization: string | null; body: string }[] = []
  const { simulator } = merchant({
    async fetch(input, init) {
      const request = new Request(input, init)
      const url = new URL(request.url)
      const body = await request.text()
      seen.push({ path: url.pathname, authorization: request.headers.get('authorization'), body })
      const changed = change(url)
      if (changed !== undefined) return changed
      return url.pathname.endsWith('/generate')
        ? Response.json({ access_token: 'partner-token', expires_in: 3599 })
        : Response.json(fixture('hakikisha-c2b.answer'))
    },
  })
  const ask = async (changes = {}) => {
    const asked = { base_url: 'https://bank.example/', shortcode: '415010', account_number: '66925336', ...changes }
    const response = await simulator.fetch('/_/hakikisha', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(asked),
    })
    return (await response.json()) as Record<string, unknown>
  }
  return { simulator, seen, ask }
}

test('a partner is asked for a token, and then whose an account is', async () => {
  const { simulator, seen, ask } = partner()
  const answer = await ask({ consumer_key: 'bank', consumer_secret: 'secret' })
  assert.deepEqual(answer, { status: 200, body: fixture('hakikisha-c2b.answer') })
  assert.deepEqual(
    seen.map(({ path, authorization }) => [path, authorization]),
    [
      ['/auth/v1/generate', `Basic ${btoa('bank:secret')}`],
      ['/c2b_hakikisha/v1/notify', 'Bearer partner-token'],
    ],
  )
  const question = JSON.parse(seen[1]?.body ?? '') as object
  assert.deepEqual(Object.keys(question), Object.keys(fixture('hakikisha-c2b.notify') as object))
  assert.equal(simulator.log().filter(({ api, direction }) => api === 'hakikisha' && direction === 'out').length, 2)
})

test('a partner that gives no token is not asked further, and its answer is shown', async () => {
  const refusal = { error: 'unauthorized', errorMessage: 'Unknown consumer key' }
  const { seen, ask } = partner(() => Response.json(refusal, { status: 401 }))
  assert.deepEqual(await ask(), { status: 401, body: refusal })
  assert.equal(seen.length, 1)
})

test('what is missing is said in a sentence', async () => {
  const { ask } = partner()
  assert.deepEqual(await ask({ account_number: undefined }), { error: 'account_number must be a text.' })
})
