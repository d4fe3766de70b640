import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveSimulator } from './serve.ts'
import { merchant } from './testing.ts'

test('over a port it is the same Daraja, and a cut connection is a cut connection', async () => {
  const { simulator } = merchant()
  const server = await serveSimulator(simulator, { port: 0 })
  try {
    const url = `${server.url}/oauth/v1/generate?grant_type=client_credentials`
    const headers = { Authorization: `Basic ${btoa('key:secret')}` }
    const response = await fetch(url, { headers })
    assert.equal(response.status, 200)
    assert.equal(Object.keys((await response.json()) as object).join(), 'access_token,expires_in')
    for (const fault of ['cut', 'drop_response'] as const) {
      simulator.faults.set({ rules: [{ api: 'oauth', fault, probability: 1 }] })
      await assert.rejects(fetch(url, { headers }), { name: 'TypeError', message: 'fetch failed' })
    }
    simulator.faults.set({ rules: [] })
    assert.equal((await fetch(url, { headers })).status, 200)
  } finally {
    await server.close()
  }
})

test('a port that is taken is an error', async () => {
  const { simulator } = merchant()
  const server = await serveSimulator(simulator, { port: 0 })
  await assert.rejects(serveSimulator(simulator, { port: Number(new URL(server.url).port) }), { code: 'EADDRINUSE' })
  await server.close()
})
