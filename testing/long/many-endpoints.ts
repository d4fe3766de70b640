import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellManyEndpoints } from '../many-endpoints.ts'

test('ten thousand events to twenty endpoints, of which four fail, reach the others within a second or so', async (t) => {
  const figures = await tellManyEndpoints(10_000, { pauseMs: 1_000 })
  t.diagnostic(JSON.stringify(figures))
  assert.ok(figures.p50Ms < 1_000 && figures.p99Ms < 3_000, JSON.stringify(figures))
})
