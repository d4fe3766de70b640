import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellManyEndpoints } from '../many-endpoints.ts'

// A thousand posts a second, with whoever takes them in the same process: half of two cores, and late where others want them, too.
test('ten thousand events to twenty endpoints, of which four fail, reach the others within a second or so', async (t) => {
  const figures = await tellManyEndpoints(10_000, { atOnce: 10, pauseMs: 200 })
  t.diagnostic(JSON.stringify(figures))
  assert.ok(figures.p50Ms < 1_000 && figures.p99Ms < 3_000, JSON.stringify(figures))
})
