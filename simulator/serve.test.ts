import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { manualClock } from './clock.ts'
import { serveSimulator } from './serve.ts'
import { createSimulator } from './simulator.ts'
import { pushBody } from './testing/daraja.ts'
import { merchant, startTime } from './testing/merchant.ts'

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

test('over a port too, one seed run twice gives the identical log', async () => {
  const shop = createServer((request, response) => request.resume().on('end', () => response.end('{"ResultCode":0}')))
  shop.listen(0, '127.0.0.1')
  await once(shop, 'listening')
  const CallBackURL = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/hook`
  try {
    const storm = await stormOf(7, CallBackURL)
    assert.deepEqual(await stormOf(7, CallBackURL), storm)
    assert.notDeepEqual(await stormOf(8, CallBackURL), storm)
    const faults = new Set(storm.flatMap(({ fault }) => fault?.split(',') ?? []))
    assert.deepEqual([...faults].toSorted(), ['drop_callback', 'drop_response', 'duplicate_callback', 'late_callback'])
  } finally {
    shop.close()
  }
})

/** The log of twenty pushes over a port, each after the one before has come to rest. */
async function stormOf(seed: number, CallBackURL: string) {
  const clock = manualClock(startTime)
  const simulator = createSimulator({ clock, seed })
  simulator.faults.set({
    rules: [
      { api: 'stkpush', fault: 'drop_callback', probability: 0.2 },
      { api: 'stkpush', fault: 'drop_response', probability: 0.2 },
      { api: 'stkpush', fault: 'duplicate_callback', probability: 0.3 },
      { api: 'stkpush', fault: 'late_callback', probability: 0.3, delay_ms: 20_000 },
    ],
  })
  const { url, close } = await serveSimulator(simulator, { port: 0 })
  const basic = { Authorization: `Basic ${btoa('key:secret')}` }
  const granted = await fetch(`${url}/oauth/v1/generate?grant_type=client_credentials`, { headers: basic })
  const { access_token } = (await granted.json()) as { access_token: string }
  const headers = { Authorization: `Bearer ${access_token}`, 'Content-Type': 'application/json' }
  for (let count = 1; count <= 20; count++) {
    const body = JSON.stringify(pushBody({ Amount: count, CallBackURL }))
    // Where the answer is dropped, fetch rejects.
    await fetch(`${url}/mpesa/stkpush/v1/processrequest`, { method: 'POST', headers, body }).catch(() => undefined)
    await simulator.settled()
    await clock.advance('20 s')
    await simulator.settled()
  }
  await close()
  return simulator.log()
}
