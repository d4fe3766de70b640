import assert from 'node:assert/strict'
import autocannon from 'autocannon'
import type { Loaded, Prepared } from './load.ts'

/** Posts as fast as so many connections are answered, each its next request after its last. */
export async function flood(port: number, requests: Prepared[], connections: number): Promise<Loaded> {
  let next = 0
  // The generator itself ends at a full second.
  let endedAt = 0n
  const startedAt = process.hrtime.bigint()
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    amount: requests.length,
    setupClient: (client) => void client.on('response', () => (endedAt = process.hrtime.bigint())),
    requests: [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        setupRequest: (request) => ({ ...request, ...requests[next++ % requests.length] }),
      },
    ],
  })
  assert.equal(result.non2xx + result.errors, 0)
  return {
    perSecond: result['2xx'] / (Number(endedAt - startedAt) / 1e9),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  }
}
